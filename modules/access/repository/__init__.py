"""Where tenants' keys for providers are kept, sealed: the port that `sqlite` and `mongo` implement."""

from collections.abc import Sequence
from typing import Protocol

from footnote.modules.access.models import StoredKey
from footnote.platform.sealing import Sealed
from footnote.platform.storage import Transaction


class ProviderKeyRepository(Protocol):
    async def put(self, tx: Transaction, key: StoredKey) -> None:
        """In the place of the tenant's former key for that provider."""
        ...

    async def remove(self, tx: Transaction, tenant: str, provider: str) -> bool:
        """Whether there was one."""
        ...

    async def find(self, tenant: str, provider: str) -> StoredKey | None: ...

    async def listed(self, tenant: str) -> Sequence[StoredKey]:
        """By provider."""
        ...

    async def sealed_otherwise(self, key_id: str) -> Sequence[StoredKey]:
        """Of all tenants, those that are not sealed with the key `key_id`."""
        ...

    async def reseal(self, tx: Transaction, key: StoredKey, sealed: Sealed) -> bool:
        """Put `sealed` in the place of what `key` holds; whether nobody had changed that meanwhile."""
        ...
