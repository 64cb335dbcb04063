"""The kinds of store. What is opened here is known elsewhere by its ports alone."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from footnote.config.settings import Settings
from footnote.config.stores.store import Store
from footnote.platform.inference import Embedder

__all__ = ["Store", "migrate_store", "open_store"]

# An adapter is imported when it is asked for: its driver takes a while, and is of no use to others.


def open_store(
    settings: Settings, home: Path, embedder: Embedder, *, is_throw_away: bool = False
) -> AbstractAsyncContextManager[Store]:
    """The store that the settings name; a new one is set up. `is_throw_away` makes one that need not last.

    Raises:
        SchemaOutdated, SchemaTooNew: It is of another version.
        ForeignDatabase: It is not ours.
        StoreUnavailable: It does not answer.
    """
    if settings.store.kind == "sqlite":
        from footnote.config.stores.sqlite import open_sqlite

        return open_sqlite(settings, home, embedder, is_throw_away=is_throw_away)
    from footnote.config.stores.mongo import open_mongo

    return open_mongo(settings, home, embedder, is_throw_away=is_throw_away)


async def migrate_store(settings: Settings, home: Path, embedder: Embedder, say: Callable[[str], None]) -> list[str]:
    """Bring its schema up to date, and its search indexes for what `embedder` gives; labels of what was done.

    `say` is told of it as it happens.

    Raises:
        SchemaTooNew: It is of a later version.
    """
    if settings.store.kind == "sqlite":
        from footnote.config.stores.sqlite import migrate_sqlite

        return await migrate_sqlite(home)
    from footnote.config.stores.mongo import migrate_mongo

    return await migrate_mongo(settings, embedder, say)
