"""`footnote migrate`."""

import msgspec
from rich.console import Console
from rich.text import Text

from footnote.config.commands.console import people
from footnote.config.embedding import build_embedder
from footnote.config.home import prepared_home
from footnote.config.settings import Settings
from footnote.config.stores import migrate_store


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
