"""`footnote migrate`."""

from footnote.config.home import prepared_home
from footnote.config.migrations import MIGRATIONS
from footnote.config.settings import Settings
from footnote.platform.storage.migrations import migrate
from footnote.platform.storage.sqlite import SqliteDatabase


async def migrate_store(settings: Settings) -> list[str]:
    """Labels of the migrations that were applied."""
    home = await prepared_home(settings.home)
    database = await SqliteDatabase.open(home / "footnote.db")
    try:
        return await migrate(database, MIGRATIONS)
    finally:
        await database.close()
