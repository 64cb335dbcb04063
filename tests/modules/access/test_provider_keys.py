"""Tenants' keys for providers are kept encrypted, and nobody sees them again."""

import pytest

from footnote.modules.access.errors import EncryptionMissing, InvalidProviderKey, NotForAll, ProviderKeyNotFound
from footnote.modules.access.provider_keys import ProviderKeys
from footnote.modules.access.repository.schema import MIGRATIONS
from footnote.modules.access.repository.sqlite import SqliteProviderKeys
from footnote.platform.principal import Principal
from footnote.platform.sealing import KeyRing, SealingKeyMissing
from footnote.platform.secrets import Secret
from footnote.platform.storage.migrations import migrate
from footnote.platform.storage.sqlite import SqliteDatabase

OLD, NEW = ("old", bytes(32)), ("new", bytes([7]) * 32)
ADMIN = Principal(tenant="acme", subject="ann", roles=frozenset({"admin"}))
MEMBER = Principal(tenant="acme", subject="bob")
KEY = Secret("sk-0123456789-hidden-abcd")


@pytest.fixture
async def kept(database: SqliteDatabase) -> SqliteDatabase:
    await migrate(database, {"access": MIGRATIONS})
    return database


def keys(database: SqliteDatabase, *ring: tuple[str, bytes]) -> ProviderKeys:
    return ProviderKeys(
        SqliteProviderKeys(database), database, KeyRing(ring) if ring else None, {"openai", "anthropic"}
    )


async def test_a_key_is_used_for_its_tenant_and_shown_to_nobody(kept: SqliteDatabase) -> None:
    shown = await keys(kept, NEW).add(ADMIN, "openai", KEY)
    assert (shown.provider, shown.hint, shown.key_id) == ("openai", "abcd", "new")
    assert await keys(kept, NEW).listed(ADMIN) == [shown]
    assert await keys(kept, NEW).key("acme", "openai") == KEY
    assert await keys(kept, NEW).key("other", "openai") is None
    assert await keys(kept, NEW).key("acme", "anthropic") is None


async def test_it_lies_encrypted_in_the_store(kept: SqliteDatabase) -> None:
    await keys(kept, NEW).add(ADMIN, "openai", KEY)
    rows = await kept.read(lambda connection: connection.execute("SELECT * FROM provider_key").fetchall())
    assert "hidden" not in str([tuple(row) for row in rows])


async def test_a_row_moved_to_another_tenant_does_not_open(kept: SqliteDatabase) -> None:
    await keys(kept, NEW).add(ADMIN, "openai", KEY)
    async with kept.transaction() as tx:
        await tx.run(lambda connection: connection.execute("UPDATE provider_key SET tenant = 'other'"))
    with pytest.raises(SealingKeyMissing):
        await keys(kept, NEW).key("other", "openai")


async def test_after_rotation_the_old_key_can_go(kept: SqliteDatabase) -> None:
    await keys(kept, OLD).add(ADMIN, "openai", KEY)
    await keys(kept, OLD).add(ADMIN, "anthropic", KEY)
    assert await keys(kept, NEW, OLD).rotate() == 2
    assert await keys(kept, NEW, OLD).rotate() == 0
    assert await keys(kept, NEW).key("acme", "openai") == KEY


async def test_without_the_old_key_nothing_can_be_rotated(kept: SqliteDatabase) -> None:
    await keys(kept, OLD).add(ADMIN, "openai", KEY)
    with pytest.raises(SealingKeyMissing, match="old"):
        await keys(kept, NEW).rotate()


async def test_a_removed_key_is_gone(kept: SqliteDatabase) -> None:
    await keys(kept, NEW).add(ADMIN, "openai", KEY)
    await keys(kept, NEW).remove(ADMIN, "openai")
    assert await keys(kept, NEW).key("acme", "openai") is None
    with pytest.raises(ProviderKeyNotFound):
        await keys(kept, NEW).remove(ADMIN, "openai")


async def test_keys_are_for_admins(kept: SqliteDatabase) -> None:
    made = keys(kept, NEW)
    for refused in (made.add(MEMBER, "openai", KEY), made.listed(MEMBER), made.remove(MEMBER, "openai")):
        with pytest.raises(NotForAll):
            await refused


@pytest.mark.parametrize(("provider", "key"), [("nobody", "x" * 32), ("openai", "short"), ("openai", "a b" * 16)])
async def test_what_is_no_key_is_refused_without_being_shown(kept: SqliteDatabase, provider: str, key: str) -> None:
    with pytest.raises(InvalidProviderKey) as raised:
        await keys(kept, NEW).add(ADMIN, provider, Secret(key))
    assert key not in raised.value.detail


async def test_without_encryption_none_is_taken_in_and_none_is_used(kept: SqliteDatabase) -> None:
    await keys(kept, NEW).add(ADMIN, "openai", KEY)
    with pytest.raises(EncryptionMissing):
        await keys(kept).add(ADMIN, "openai", KEY)
    assert await keys(kept).key("acme", "openai") is None
