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
    Migration(
        3,
        "spaces of embeddings",
        """
-- What one model embeds. While another is filled, searches go on in the active one.
CREATE TABLE embedding_space (
  name TEXT PRIMARY KEY,                        -- of the model
  dimension INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'filling', 'retired'))
) STRICT;
CREATE UNIQUE INDEX embedding_space_living ON embedding_space (state) WHERE state <> 'retired';

-- Beside the one of chunk_embedding, which is of the model that the build names.
CREATE TABLE space_embedding (
  number INTEGER NOT NULL REFERENCES chunk (number) ON DELETE CASCADE,
  space TEXT NOT NULL,
  embedding BLOB NOT NULL,                      -- float32, little endian
  PRIMARY KEY (number, space)
) STRICT;

-- Most of what is published is what searches have been for.
INSERT INTO embedding_space (name, dimension, state)
SELECT build.embedding, length(chunk_embedding.embedding) / 4, 'active'
FROM publication
JOIN build ON build.number = publication.build
JOIN chunk ON chunk.build = build.number
JOIN chunk_embedding ON chunk_embedding.number = chunk.number
GROUP BY build.embedding ORDER BY count(*) DESC LIMIT 1;
""",
    ),
    Migration(
        4,
        "terms and words of chunks",
        """
ALTER TABLE build ADD COLUMN language TEXT;     -- ISO 639-1, that its words are stemmed in; unknown: null

-- What the lexical index in memory is made of. Chunks of kind `parent` have none; others without are analysed anew.
CREATE TABLE chunk_terms (
  number INTEGER PRIMARY KEY REFERENCES chunk (number) ON DELETE CASCADE,
  analysis INTEGER NOT NULL,                    -- version of the analysis
  language TEXT NOT NULL,                       -- that the chunk is counted under
  terms BLOB NOT NULL                           -- hashes, frequencies in header and text: `lexical/counting.py`
) STRICT;

-- The vocabulary that misspelt words of questions are looked for in.
CREATE TABLE word (
  tenant TEXT NOT NULL,
  text TEXT NOT NULL,                           -- as spelled, without case
  reversed TEXT NOT NULL,
  chunks INTEGER NOT NULL,                      -- that have it
  PRIMARY KEY (tenant, text)
) STRICT, WITHOUT ROWID;
CREATE INDEX word_reversed ON word (tenant, reversed);
""",
    ),
    Migration(
        5,
        "snapshots of the index",
        """
-- Which files hold what is published, to be searched in memory; without them it is read from the tables above.
CREATE TABLE index_snapshot (
  space TEXT PRIMARY KEY,                       -- of the embeddings
  token TEXT NOT NULL                           -- names the files, which others of the same name do not have
) STRICT;
""",
    ),
    Migration(
        6,
        "languages of builds",
        """
UPDATE build SET language = (SELECT language FROM publication WHERE publication.build = build.number)
WHERE language IS NULL;
""",
    ),
    Migration(
        7,
        "embeddings of tokens",
        """
-- Only for ranking: a chunk without them is ranked by what else is known of it.
CREATE TABLE chunk_tokens (
  number INTEGER NOT NULL REFERENCES chunk (number) ON DELETE CASCADE,
  space TEXT NOT NULL,                          -- name of the model
  codes BLOB NOT NULL,                          -- `ranking/late.py`
  PRIMARY KEY (number, space)
) STRICT;
""",
    ),
    Migration(
        8,
        "no full-text table",
        """
-- Words are searched in memory, from chunk_terms.
DROP TRIGGER chunk_text_added;
DROP TRIGGER chunk_text_removed;
DROP TRIGGER chunk_text_changed;
DROP TABLE chunk_text;
""",
    ),
)
