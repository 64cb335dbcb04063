"""Every slice's migrations, in the order in which they are applied."""

from footnote.config.sqlite_migrations import MIGRATIONS
from footnote.modules.generation.repository.mongo_schema import MIGRATIONS as GENERATION
from footnote.modules.ingestion.repository.mongo_schema import MIGRATIONS as INGESTION
from footnote.modules.retrieval.repository.mongo_schema import MIGRATIONS as RETRIEVAL
from footnote.platform.jobs.mongo_schema import MIGRATIONS as JOBS
from footnote.platform.storage.mongo_schema import MIGRATIONS as STORAGE

__all__ = ["MIGRATIONS", "MONGO_MIGRATIONS"]

MONGO_MIGRATIONS = {
    "storage": STORAGE,
    "jobs": JOBS,
    "retrieval": RETRIEVAL,
    "ingestion": INGESTION,
    "generation": GENERATION,
}
