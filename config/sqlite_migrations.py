"""Every slice's migrations of SQLite, in the order in which they are applied; without the driver of MongoDB."""

from footnote.modules.access.repository.schema import MIGRATIONS as ACCESS
from footnote.modules.generation.repository.schema import MIGRATIONS as GENERATION
from footnote.modules.ingestion.repository.schema import MIGRATIONS as INGESTION
from footnote.modules.retrieval.repository.schema import MIGRATIONS as RETRIEVAL
from footnote.platform.inference.gateway.spending.schema import MIGRATIONS as SPENDING
from footnote.platform.jobs.schema import MIGRATIONS as JOBS
from footnote.platform.storage.schema import MIGRATIONS as STORAGE

MIGRATIONS = {
    "storage": STORAGE,
    "jobs": JOBS,
    "spending": SPENDING,
    "access": ACCESS,
    "retrieval": RETRIEVAL,
    "ingestion": INGESTION,
    "generation": GENERATION,
}
