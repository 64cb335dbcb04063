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
    Migration(
        2,
        "conversations and memories",
        """
CREATE TABLE conversation (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  owner TEXT NOT NULL,
  title TEXT NOT NULL,
  titled_by TEXT NOT NULL,
  active_id TEXT,  -- the last turn of the branch that goes on
  turns INTEGER NOT NULL CHECK (turns >= 0),
  touched TEXT NOT NULL,  -- an id made at the last turn: the order of lists
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX conversation_owner ON conversation (tenant, owner, touched);
CREATE TABLE turn (
  id TEXT PRIMARY KEY REFERENCES answer (id),
  conversation_id TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  parent_id TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX turn_conversation ON turn (conversation_id, id);
CREATE TABLE summary (
  turn_id TEXT PRIMARY KEY REFERENCES turn (id) ON DELETE CASCADE,  -- the last one that it is of
  conversation_id TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  tenant TEXT NOT NULL,
  text TEXT NOT NULL,
  written_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX summary_conversation ON summary (conversation_id);
CREATE TABLE summary_source (
  tenant TEXT NOT NULL,
  document_id TEXT NOT NULL,
  turn_id TEXT NOT NULL REFERENCES summary (turn_id) ON DELETE CASCADE,
  PRIMARY KEY (tenant, document_id, turn_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX summary_source_summary ON summary_source (turn_id);
CREATE TABLE memory (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  owner TEXT NOT NULL,
  text TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX memory_owner ON memory (tenant, owner, id);
""",
    ),
    Migration(
        3,
        "prompts",
        """
CREATE TABLE prompt (
  tenant TEXT NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  body TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (tenant, name, version)
) STRICT, WITHOUT ROWID;
""",
    ),
    Migration(
        4,
        "feedback",
        """
CREATE TABLE feedback (
  tenant TEXT NOT NULL,
  owner TEXT NOT NULL,
  answer_id TEXT NOT NULL,
  rating REAL NOT NULL CHECK (rating BETWEEN -1 AND 1),
  comment TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (tenant, answer_id, owner)
) STRICT, WITHOUT ROWID;
""",
    ),
)
