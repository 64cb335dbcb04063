"""Every slice's migrations, in the order in which they are applied."""

from footnote.modules.generation.repository.mongo_schema import MIGRATIONS as MONGO_GENERATION
from footnote.modules.generation.repository.schema import MIGRATIONS as GENERATION
from footnote.modules.ingestion.repository.mongo_schema import MIGRATIONS as MONGO_INGESTION
from footnote.modules.ingestion.repository.schema import MIGRATIONS as INGESTION
from footnote.modules.retrieval.repository.mongo_schema import MIGRATIONS as MONGO_RETRIEVAL
from footnote.modules.retrieval.repository.schema import MIGRATIONS as RETRIEVAL
from footnote.platform.jobs.mongo_schema import MIGRATIONS as MONGO_JOBS
from footnote.platform.jobs.schema import MIGRATIONS as JOBS
from footnote.platform.storage.mongo_schema import MIGRATIONS as MONGO_STORAGE
from footnote.platform.storage.schema import MIGRATIONS as STORAGE

MIGRATIONS = {
    "storage": STORAGE,
    "jobs": JOBS,
    "retrieval": RETRIEVAL,
    "ingestion": INGESTION,
    "generation": GENERATION,
}
MONGO_MIGRATIONS = {
    "storage": MONGO_STORAGE,
    "jobs": MONGO_JOBS,
    "retrieval": MONGO_RETRIEVAL,
    "ingestion": MONGO_INGESTION,
    "generation": MONGO_GENERATION,
}
