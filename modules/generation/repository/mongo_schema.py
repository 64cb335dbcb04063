"""The collections of generation in MongoDB."""

from footnote.platform.storage.mongo_migrations import MongoMigration

MIGRATIONS: tuple[MongoMigration, ...] = ()
