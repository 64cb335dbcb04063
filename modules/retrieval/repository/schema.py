"""The tables of the chunk index in SQLite."""

from footnote.platform.storage.migrations import Migration

MIGRATIONS = (
    Migration(
        1,
        "chunk index",
        """
CREATE TABLE build (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant TEXT NOT NULL,
  document_id TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  embedding TEXT NOT NULL,                      -- name of the embedding model
  UNIQUE (tenant, document_id, id)
) STRICT;

-- A number is never given twice: an index in memory that lags cannot take one chunk for another.
CREATE TABLE chunk (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  build INTEGER NOT NULL REFERENCES build (number),
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  header TEXT NOT NULL,                         -- title and headings, as searched
  text TEXT NOT NULL,
  place TEXT NOT NULL,                          -- JSON: heading path, pages, boxes
  UNIQUE (build, start, "end", kind)
) STRICT;

-- Apart from the chunk, so that loading all embeddings reads nothing else.
CREATE TABLE chunk_embedding (
  number INTEGER PRIMARY KEY REFERENCES chunk (number) ON DELETE CASCADE,
  embedding BLOB NOT NULL                       -- float32, little endian
) STRICT;

CREATE TABLE publication (
  tenant TEXT NOT NULL,
  document_id TEXT NOT NULL,
  build INTEGER NOT NULL UNIQUE REFERENCES build (number),
  fence INTEGER NOT NULL,
  owner TEXT NOT NULL,
  readers TEXT NOT NULL,                        -- JSON: list
  title TEXT NOT NULL,
  media_type TEXT NOT NULL,
  language TEXT,
  metadata TEXT NOT NULL,                       -- JSON: object
  created_at INTEGER NOT NULL,                  -- microseconds since 1970, UTC
  PRIMARY KEY (tenant, document_id)
) STRICT, WITHOUT ROWID;

-- The latest change of each document. Whoever holds the index in memory applies what is after the sequence it knows.
CREATE TABLE index_change (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant TEXT NOT NULL,
  document_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('published', 'described', 'removed')),
  UNIQUE (tenant, document_id)
) STRICT;

CREATE VIRTUAL TABLE chunk_text USING fts5 (
  header, text, content = 'chunk', content_rowid = 'number', tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER chunk_text_added AFTER INSERT ON chunk BEGIN
  INSERT INTO chunk_text (rowid, header, text) VALUES (new.number, new.header, new.text);
END;
CREATE TRIGGER chunk_text_removed AFTER DELETE ON chunk BEGIN
  INSERT INTO chunk_text (chunk_text, rowid, header, text) VALUES ('delete', old.number, old.header, old.text);
END;
CREATE TRIGGER chunk_text_changed AFTER UPDATE OF header, text ON chunk BEGIN
  INSERT INTO chunk_text (chunk_text, rowid, header, text) VALUES ('delete', old.number, old.header, old.text);
  INSERT INTO chunk_text (rowid, header, text) VALUES (new.number, new.header, new.text);
END;
""",
    ),
    Migration(
        2,
        "parents of chunks",
        """
-- Chunks of kind `parent` are read, not found: they have no embedding, and their words are not searched.
ALTER TABLE chunk_embedding ADD COLUMN parent INTEGER;  -- number of the chunk that is read instead

DROP TRIGGER chunk_text_added;
DROP TRIGGER chunk_text_removed;
DROP TRIGGER chunk_text_changed;
CREATE TRIGGER chunk_text_added AFTER INSERT ON chunk WHEN new.kind <> 'parent' BEGIN
  INSERT INTO chunk_text (rowid, header, text) VALUES (new.number, new.header, new.text);
END;
CREATE TRIGGER chunk_text_removed AFTER DELETE ON chunk WHEN old.kind <> 'parent' BEGIN
  INSERT INTO chunk_text (chunk_text, rowid, header, text) VALUES ('delete', old.number, old.header, old.text);
END;
CREATE TRIGGER chunk_text_changed AFTER UPDATE OF header, text ON chunk WHEN old.kind <> 'parent' BEGIN
  INSERT INTO chunk_text (chunk_text, rowid, header, text) VALUES ('delete', old.number, old.header, old.text);
  INSERT INTO chunk_text (rowid, header, text) VALUES (new.number, new.header, new.text);
END;
""",
    ),
)
