"""The kinds of store. What is opened here is known elsewhere by its ports alone."""

from collections.abc import Callable, Container
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from footnote.config.settings import Settings
from footnote.config.stores.store import Store
from footnote.platform.inference import Embedder

__all__ = ["Store", "migrate_store", "open_store"]

# An adapter is imported when it is asked for: its driver takes a while, and is of no use to others.


def open_store(
    settings: Settings,
    home: Path,
    embedder: Embedder,
    *,
    is_throw_away: bool = False,
    kept_models: Container[str] = (),
) -> AbstractAsyncContextManager[Store]:
    """The store that the settings name; a new one is set up. `is_throw_away` makes one that need not last.

    Unless searches use one of `kept_models`, they begin to change over to what `embedder` gives. Whoever names such
    models comes and goes, and changes no search index either.

    Raises:
        SchemaOutdated, SchemaTooNew: It is of another version.
        ForeignDatabase: It is not ours.
        StoreUnavailable: It does not answer.
    """
    if settings.store.kind == "sqlite":
        from footnote.config.stores.sqlite import open_sqlite

        return open_sqlite(settings, home, embedder, is_throw_away=is_throw_away, kept_models=kept_models)
    from footnote.config.stores.mongo import open_mongo

    return open_mongo(settings, home, embedder, is_throw_away=is_throw_away, kept_models=kept_models)


async def migrate_store(settings: Settings, home: Path, embedder: Embedder, say: Callable[[str], None]) -> list[str]:
    """Bring its schema and its search indexes up to date; labels of what was done.

    The indexes are those of the models in use, and of `embedder` in a new store. `say` is told of it as it happens.

    Raises:
        SchemaTooNew: It is of a later version.
    """
    if settings.store.kind == "sqlite":
        from footnote.config.stores.sqlite import migrate_sqlite

        return await migrate_sqlite(settings, home)
    from footnote.config.stores.mongo import migrate_mongo

    return await migrate_mongo(settings, embedder, say)
