"""Tenants' keys for providers on their way to another store: sealed, with the name of what opens them."""

from typing import Protocol

from footnote.modules.access.models import StoredKey

SEPARATOR = "\n"


class ProviderKeyMoving(Protocol):
    async def following(self, after: str) -> StoredKey | None:
        """The key with the next id (see `key_id`), of whichever tenant; "" comes before all."""
        ...


def key_id(key: StoredKey) -> str:
    """In the order of tenants and providers."""
    return f"{key.tenant}{SEPARATOR}{key.provider}"


def parsed(after: str) -> tuple[str, str]:
    """Tenant and provider."""
    tenant, _, provider = after.partition(SEPARATOR)
    return tenant, provider
