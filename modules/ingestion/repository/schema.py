"""The tables of ingestion."""

from footnote.platform.storage.migrations import Migration

MIGRATIONS = (
    Migration(
        1,
        "documents",
        """
CREATE TABLE document (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  owner TEXT NOT NULL,
  title TEXT NOT NULL,
  filename TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  status TEXT NOT NULL,
  progress TEXT,
  version INTEGER NOT NULL,
  pages INTEGER NOT NULL,
  chunks INTEGER NOT NULL,
  language TEXT,
  readers TEXT NOT NULL,
  metadata TEXT NOT NULL,
  error TEXT,
  warnings TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX document_bytes ON document (tenant, owner, sha256);
CREATE INDEX document_tenant ON document (tenant, id);
CREATE TABLE document_version (
  document_id TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  content TEXT NOT NULL,
  extraction TEXT NOT NULL,
  extractor TEXT NOT NULL,
  media_type TEXT NOT NULL,
  pages INTEGER NOT NULL,
  characters INTEGER NOT NULL,
  language TEXT,
  PRIMARY KEY (document_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE document_receipt (
  tenant TEXT NOT NULL,
  owner TEXT NOT NULL,
  key TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  document_id TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
  PRIMARY KEY (tenant, owner, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_receipt_document ON document_receipt (document_id);
CREATE TABLE document_event (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant TEXT NOT NULL,
  document_id TEXT NOT NULL,
  owner TEXT NOT NULL,
  readers TEXT NOT NULL,
  document TEXT,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX document_event_document ON document_event (document_id, sequence);
""",
    ),
    Migration(
        2,
        "attachments and reindexing",
        """
ALTER TABLE document ADD COLUMN parent_id TEXT;
ALTER TABLE document ADD COLUMN depth INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN chunking TEXT;
ALTER TABLE document ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN source TEXT;                     -- the path that it is kept in step with
ALTER TABLE document ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN stale_through INTEGER NOT NULL DEFAULT 0;
DROP INDEX document_bytes;
CREATE UNIQUE INDEX document_bytes ON document (tenant, owner, coalesce(parent_id, ''), sha256);
CREATE INDEX document_parent ON document (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX document_source ON document (tenant, owner, source) WHERE source IS NOT NULL;
ALTER TABLE document_version ADD COLUMN chunking TEXT;
""",
    ),
    Migration(
        3,
        "listing and counting",
        """
CREATE INDEX document_status ON document (tenant, status, id, size);
DROP INDEX document_parent;
CREATE INDEX document_parent ON document (parent_id, tenant, id) WHERE parent_id IS NOT NULL;
""",
    ),
)
