"""HTTP of tenants' keys for providers."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from litestar import Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from footnote.modules.access.models import ProviderKey
from footnote.modules.access.provider_keys import ProviderKeys
from footnote.platform.principal import Principal
from footnote.platform.secrets import Secret


class NewProviderKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    provider: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    key: Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]


class ProviderKeyList(msgspec.Struct, frozen=True, kw_only=True):
    items: Sequence[ProviderKey]
    next_cursor: None = None


@post("/")
async def add_provider_key(
    data: JSONBody[NewProviderKey],
    principal: NamedDependency[Principal],
    provider_keys: NamedDependency[ProviderKeys],
) -> ProviderKey:
    """Use this key of the tenant's own for a provider, in the place of that of the settings. Admins only."""
    return await provider_keys.add(principal, data.provider, Secret(data.key))


@get("/")
async def list_provider_keys(
    principal: NamedDependency[Principal], provider_keys: NamedDependency[ProviderKeys]
) -> ProviderKeyList:
    """Which providers the tenant has given keys for; the keys themselves are not shown again. Admins only."""
    return ProviderKeyList(items=await provider_keys.listed(principal))


@delete("/{provider:str}")
async def remove_provider_key(
    provider: FromPath[str],
    principal: NamedDependency[Principal],
    provider_keys: NamedDependency[ProviderKeys],
) -> None:
    """Forget the tenant's key for a provider; that of the settings is used again. Admins only."""
    await provider_keys.remove(principal, provider)


router = Router(
    "/api/v1/provider-keys",
    route_handlers=[add_provider_key, list_provider_keys, remove_provider_key],
    tags=["access"],
)
