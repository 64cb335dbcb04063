"""Every slice's migrations, in the order in which they are applied."""

from footnote.config.sqlite_migrations import MIGRATIONS
from footnote.modules.access.repository.mongo_schema import MIGRATIONS as ACCESS
from footnote.modules.generation.repository.mongo_schema import MIGRATIONS as GENERATION
from footnote.modules.ingestion.repository.mongo_schema import MIGRATIONS as INGESTION
from footnote.modules.retrieval.repository.mongo_schema import MIGRATIONS as RETRIEVAL
from footnote.platform.inference.gateway.spending.mongo_schema import MIGRATIONS as SPENDING
from footnote.platform.jobs.mongo_schema import MIGRATIONS as JOBS
from footnote.platform.storage.mongo_schema import MIGRATIONS as STORAGE

__all__ = ["MIGRATIONS", "MONGO_MIGRATIONS"]

MONGO_MIGRATIONS = {
    "storage": STORAGE,
    "jobs": JOBS,
    "spending": SPENDING,
    "access": ACCESS,
    "retrieval": RETRIEVAL,
    "ingestion": INGESTION,
    "generation": GENERATION,
}
