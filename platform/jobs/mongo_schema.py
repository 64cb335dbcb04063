"""The collections of the job queue in MongoDB."""

from footnote.platform.storage.mongo_migrations import MongoMigration

MIGRATIONS: tuple[MongoMigration, ...] = ()
