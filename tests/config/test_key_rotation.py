"""`footnote rotate-keys`."""

import base64
from pathlib import Path

import pytest

from footnote.config.chat import build_provider_keys
from footnote.config.commands.maintenance import rotate_keys
from footnote.config.embedding import build_embedder
from footnote.config.settings import Settings, load_settings
from footnote.config.stores import open_store
from footnote.modules.access.errors import EncryptionMissing
from footnote.platform.principal import LOCAL
from footnote.platform.secrets import Secret

OLD = f"old:{base64.b64encode(bytes(32)).decode()}"
NEW = f"new:{base64.b64encode(bytes([7]) * 32).decode()}"
KEY = Secret("sk-of-the-tenant-1234")


def settings_of(folder: Path, *keys: str) -> Settings:
    environ = {"FOOTNOTE_HOME": str(folder / "home"), "FOOTNOTE_ENCRYPTION_KEYS": ",".join(keys)}
    return load_settings(environ, folder=folder).settings


async def key_of_openai(settings: Settings, added: Secret | None = None) -> Secret | None:
    embedder = build_embedder(settings, Path(settings.home) / "models")
    async with open_store(settings, Path(settings.home), embedder) as store:
        keys = build_provider_keys(settings, store)
        if added:
            await keys.add(LOCAL, "openai", added)
        found = await keys.key(LOCAL.tenant, "openai")
    await embedder.close()
    return found


async def test_after_a_rotation_the_old_key_can_be_taken_out(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    await key_of_openai(settings_of(tmp_path, OLD), KEY)
    report = await rotate_keys(settings_of(tmp_path, NEW, OLD))
    assert (report.key_id, report.rotated) == ("new", 1)
    assert await key_of_openai(settings_of(tmp_path, NEW)) == KEY
    assert (await rotate_keys(settings_of(tmp_path, NEW))).rotated == 0


async def test_without_a_key_there_is_nothing_to_rotate_to(tmp_path: Path) -> None:
    with pytest.raises(EncryptionMissing):
        await rotate_keys(settings_of(tmp_path))
