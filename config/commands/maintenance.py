"""`footnote migrate`."""

import asyncio
from pathlib import Path

from footnote.config.migrations import MIGRATIONS
from footnote.config.settings import Settings
from footnote.platform.storage.migrations import migrate
from footnote.platform.storage.sqlite import SqliteDatabase


async def migrate_store(settings: Settings) -> list[str]:
    """Labels of the migrations that were applied."""
    home = Path(settings.home)
    await asyncio.to_thread(home.mkdir, parents=True, exist_ok=True)
    database = await SqliteDatabase.open(home / "footnote.db")
    try:
        return await migrate(database, MIGRATIONS)
    finally:
        await database.close()
