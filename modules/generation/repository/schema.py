"""The tables of generation."""

from footnote.platform.storage.migrations import Migration

MIGRATIONS = (
    Migration(
        1,
        "answers",
        """
CREATE TABLE answer (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  owner TEXT NOT NULL,
  question TEXT NOT NULL,
  body TEXT NOT NULL,
  trace_id TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX answer_owner ON answer (tenant, owner, id);
CREATE TABLE answer_source (
  tenant TEXT NOT NULL,
  document_id TEXT NOT NULL,
  answer_id TEXT NOT NULL REFERENCES answer (id) ON DELETE CASCADE,
  PRIMARY KEY (tenant, document_id, answer_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_source_answer ON answer_source (answer_id);
""",
    ),
)
