"""The contract of the repository of tenants' keys for providers."""

from datetime import UTC, datetime

import msgspec
import pytest
from support.stores import Store

from footnote.modules.access.models import StoredKey
from footnote.modules.access.repository import ProviderKeyRepository
from footnote.platform.sealing import Sealed

OLD = Sealed(key_id="old", nonce=b"\x00 nonce", ciphertext=b"\xff text")
NEW = Sealed(key_id="new", nonce=b"other", ciphertext=b"\x80")


def stored(tenant: str = "acme", provider: str = "openai", sealed: Sealed = OLD) -> StoredKey:
    made = datetime(2026, 11, 22, 12, tzinfo=UTC)
    return StoredKey(tenant=tenant, provider=provider, sealed=sealed, hint="cdef", created_by="ann", created_at=made)


@pytest.fixture
def keys(store: Store) -> ProviderKeyRepository:
    return store.provider_keys()


async def put(store: Store, *many: StoredKey) -> None:
    for key in many:
        async with store.storage.transaction() as tx:
            await store.provider_keys().put(tx, key)


async def test_a_key_comes_back_whole(store: Store, keys: ProviderKeyRepository) -> None:
    await put(store, stored())
    assert await keys.find("acme", "openai") == stored()


async def test_a_tenant_has_its_own_keys_only(store: Store, keys: ProviderKeyRepository) -> None:
    await put(store, stored(provider="openai"), stored(provider="anthropic"), stored("other"))
    assert [key.provider for key in await keys.listed("acme")] == ["anthropic", "openai"]
    assert await keys.find("third", "openai") is None


async def test_a_new_key_takes_the_place_of_the_former(store: Store, keys: ProviderKeyRepository) -> None:
    await put(store, stored(), stored(sealed=NEW))
    assert await keys.listed("acme") == [stored(sealed=NEW)]


async def test_a_key_can_be_removed(store: Store, keys: ProviderKeyRepository) -> None:
    await put(store, stored())
    async with store.storage.transaction() as tx:
        assert not await keys.remove(tx, "other", "openai")
        assert await keys.remove(tx, "acme", "openai")
    assert await keys.find("acme", "openai") is None


async def test_keys_sealed_otherwise_are_found_in_all_tenants(store: Store, keys: ProviderKeyRepository) -> None:
    await put(store, stored(), stored("other"), stored("third", sealed=NEW))
    assert {key.tenant for key in await keys.sealed_otherwise("new")} == {"acme", "other"}


async def test_a_key_is_sealed_anew_unless_it_was_changed_meanwhile(store: Store, keys: ProviderKeyRepository) -> None:
    await put(store, stored())
    async with store.storage.transaction() as tx:
        assert await keys.reseal(tx, stored(), NEW)
    async with store.storage.transaction() as tx:
        assert not await keys.reseal(tx, stored(), msgspec.structs.replace(NEW, nonce=b"third"))
    assert await keys.find("acme", "openai") == stored(sealed=NEW)
