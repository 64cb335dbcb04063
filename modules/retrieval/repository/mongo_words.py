"""The text index of the database itself, kept only where nothing better finds words: each write would pay for it."""

from footnote.modules.retrieval.repository.mongo_schema import WORDS
from footnote.platform.storage.mongo import MongoDatabase, translated_errors
from footnote.platform.storage.mongo_migrations import DropIndex, apply


async def fit_words(database: MongoDatabase, *, has_text_search: bool) -> list[str]:
    """Make it or drop it, as the server needs; lines of what was done."""
    with translated_errors():
        is_there = WORDS.name in await database.database[WORDS.collection].index_information()
    if is_there != has_text_search:
        return []
    await apply(database, DropIndex(collection=WORDS.collection, name=WORDS.name) if is_there else WORDS)
    return [f"index {WORDS.name} {'dropped' if is_there else 'created'}"]
