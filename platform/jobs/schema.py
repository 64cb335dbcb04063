"""The tables of the job queue."""

from footnote.platform.storage.migrations import Migration

MIGRATIONS = (
    Migration(
        1,
        "jobs",
        """
CREATE TABLE job (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  tenant TEXT NOT NULL,
  key TEXT NOT NULL,
  payload TEXT NOT NULL,
  priority INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'done', 'dead', 'cancelled')),
  attempts INTEGER NOT NULL DEFAULT 0,
  claims INTEGER NOT NULL DEFAULT 0,
  max_attempts INTEGER NOT NULL,
  fence INTEGER NOT NULL DEFAULT 0,
  worker TEXT,
  cancel_requested INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  due_at INTEGER NOT NULL,
  lease_until INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX job_active_key ON job (key) WHERE status IN ('queued', 'running');
CREATE INDEX job_due ON job (status, priority DESC, id);
CREATE INDEX job_status ON job (status);
CREATE TABLE fence (id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL) STRICT;
INSERT INTO fence VALUES (1, 0);
""",
    ),
    Migration(2, "jobs by key", "CREATE INDEX job_key ON job (key);"),
    Migration(3, "pausing", "CREATE TABLE job_pause (tenant TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;"),
    Migration(
        4,
        "fairness among many",
        """
DROP INDEX job_due;
CREATE INDEX job_waiting ON job (status, tenant, priority DESC, id);
""",
    ),
)
