"""`footnote migrate` and `footnote rotate-keys`."""

import msgspec
from rich.console import Console
from rich.text import Text

from footnote.config.chat import build_provider_keys
from footnote.config.commands.console import people
from footnote.config.embedding import OtherModels, build_embedder
from footnote.config.home import prepared_home
from footnote.config.settings import Settings
from footnote.config.stores import migrate_store, open_store


class MigrationReport(msgspec.Struct, frozen=True, kw_only=True):
    store: str  # without passwords
    done: tuple[str, ...]  # labels in order; empty if nothing was to be done

    def describe(self, console: Console) -> None:
        for label in self.done:
            console.print(Text(label), soft_wrap=True)
        if not self.done:
            console.print(Text(f"Nothing to do: {self.store} is up to date."), soft_wrap=True)


def progress(line: str) -> None:
    people.print(Text(f"{line} …", "dim"), soft_wrap=True)


async def migrate(settings: Settings) -> MigrationReport:
    home = await prepared_home(settings.home)
    embedder = build_embedder(settings, home / "models")
    try:
        done = await migrate_store(settings, home, embedder, progress)
    finally:
        await embedder.close()
    return MigrationReport(store=str(settings.store), done=tuple(done))


class RotationReport(msgspec.Struct, frozen=True, kw_only=True):
    key_id: str  # which all are encrypted with now
    rotated: int  # that were encrypted with another

    def describe(self, console: Console) -> None:
        console.print(Text(f"{self.rotated} keys of tenants are encrypted with {self.key_id} now."), soft_wrap=True)


async def rotate_keys(settings: Settings) -> RotationReport:
    """
    Raises:
        EncryptionMissing: The settings name no key to encrypt with.
        SealingKeyMissing: The settings lack one that something is encrypted with.
    """
    home = await prepared_home(settings.home)
    embedder = build_embedder(settings, home / "models")
    try:
        async with open_store(settings, home, embedder, kept_models=OtherModels(settings, embedder.name)) as store:
            keys = build_provider_keys(settings, store)
            return RotationReport(rotated=await keys.rotate(), key_id=keys.key_id)
    finally:
        await embedder.close()
