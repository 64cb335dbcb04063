"""The collections of the chunk index in MongoDB."""

from footnote.platform.storage.mongo_migrations import MongoMigration

MIGRATIONS: tuple[MongoMigration, ...] = ()
