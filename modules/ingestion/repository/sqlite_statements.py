"""What the SQLite adapter says to its database."""

from footnote.modules.ingestion.repository.rows import FIELDS

NAMES = ", ".join(FIELDS)

MAY_READ = """
tenant = :tenant AND (owner = :subject OR EXISTS (
  SELECT 1 FROM json_each(readers) AS reader WHERE reader.value IN (SELECT value FROM json_each(:as_readers))
))
"""
INSERT = f"""
INSERT INTO document (tenant, source, {NAMES}) VALUES (:tenant, :source, {", ".join(f":{name}" for name in FIELDS)})
"""
SELECT = f"SELECT {NAMES} FROM document WHERE id = :id AND {MAY_READ}"
SELECT_SAME = f"""
SELECT {NAMES} FROM document
WHERE tenant = :tenant AND owner = :subject AND coalesce(parent_id, '') = '' AND sha256 = :sha256
"""
SELECT_CHILDREN = f"SELECT {NAMES} FROM document WHERE tenant = ? AND parent_id = ? ORDER BY id"
SELECT_INSIDE = f"""
WITH RECURSIVE inside (id) AS (
  SELECT id FROM document WHERE tenant = :tenant AND parent_id = :id
  UNION ALL
  SELECT document.id FROM document JOIN inside ON document.parent_id = inside.id WHERE tenant = :tenant
)
SELECT {NAMES} FROM document WHERE id IN (SELECT id FROM inside) ORDER BY depth, id
"""
SELECT_BY_SOURCE = f"""
SELECT {NAMES} FROM document WHERE tenant = :tenant AND owner = :subject AND source = :source ORDER BY id DESC LIMIT 1
"""
SELECT_CURRENT = f"SELECT {NAMES} FROM document WHERE tenant = ? AND id = ?"
SELECT_PLAN = "SELECT revision, stale_through FROM document WHERE tenant = ? AND id = ?"
RENEWED = "revision = revision + 1"
REREAD = "stale_through = (SELECT coalesce(max(number), 0) FROM document_version WHERE document_id = document.id)"
SELECT_USAGE = """
SELECT count(*) AS documents, coalesce(sum(size), 0) AS size,
  count(*) FILTER (WHERE status NOT IN ('ready', 'failed', 'cancelled')) AS waiting
FROM document WHERE tenant = ?
"""
SELECT_FAMILY = """
WITH RECURSIVE above (id, parent_id) AS (
  SELECT id, parent_id FROM document WHERE tenant = :tenant AND id = :id
  UNION ALL
  SELECT document.id, document.parent_id FROM document JOIN above ON document.id = above.parent_id
), inside (id, size, status) AS (
  SELECT document.id, document.size, document.status FROM document JOIN above ON document.parent_id = above.id
  WHERE above.parent_id IS NULL AND above.id <> :id
  UNION ALL
  SELECT document.id, document.size, document.status FROM document JOIN inside ON document.parent_id = inside.id
  WHERE inside.id <> :id
)
SELECT count(*) AS documents, coalesce(sum(size), 0) AS size,
  count(*) FILTER (WHERE status NOT IN ('ready', 'failed', 'cancelled')) AS waiting
FROM inside
"""
SELECT_PAGE = f"SELECT {NAMES} FROM document WHERE {MAY_READ} {{}} ORDER BY id DESC LIMIT :limit"
NARROWED = {  # by what is asked for; an index helps only with what always holds
    "cursor": "AND id < :cursor",
    "status": "AND status = :status",
    "query": "AND instr(casefold(title), casefold(:query)) > 0",
    "parent_id": "AND parent_id = :parent_id",
}
SELECT_READABLE = f"SELECT id FROM document WHERE id IN (SELECT value FROM json_each(:ids)) AND {MAY_READ}"
DELETE = f"DELETE FROM document WHERE tenant = ? AND id = ? RETURNING {NAMES}"

INSERT_VERSION = """
INSERT INTO document_version VALUES
  (:document_id, :number, :content, :extraction, :extractor, :media_type, :pages, :characters, :language, :chunking)
"""
RECORD_CHUNKING = "UPDATE document_version SET chunking = ? WHERE document_id = ? AND number = ?"
SELECT_CONTENTS = """
SELECT DISTINCT content FROM document_version JOIN document ON document.id = document_id
WHERE tenant = ? AND document_id = ?
"""
SELECT_VERSION = f"""
SELECT document_version.* FROM document_version JOIN document ON document.id = document_id
WHERE document_id = :id AND number = :number AND {MAY_READ}
"""
SELECT_VERSION_OF = f"""
SELECT document_version.* FROM document_version JOIN document ON document.id = document_id
WHERE document_id = :id AND content = :content AND extractor = :extractor AND number > :after AND {MAY_READ}
  AND number = (SELECT max(number) FROM document_version WHERE document_id = :id)
"""
SELECT_VERSIONS = "SELECT * FROM document_version WHERE document_id = ? ORDER BY number"
SELECT_LAST_VERSION = """
SELECT coalesce(max(number), 0) AS last FROM document_version JOIN document ON document.id = document_id
WHERE tenant = ? AND document_id = ?
"""

SELECT_RECEIPT = """
SELECT sha256, document_id FROM document_receipt WHERE tenant = :tenant AND owner = :subject AND key = :key
"""
INSERT_RECEIPT = "INSERT INTO document_receipt VALUES (?, ?, ?, ?, ?)"

INSERT_EVENT = """
INSERT INTO document_event (tenant, document_id, owner, readers, document, at) VALUES (?, ?, ?, ?, ?, ?)
"""
SELECT_LAST_EVENT = "SELECT coalesce(max(sequence), 0) AS last FROM document_event"
SELECT_EVENTS = f"""
SELECT sequence, document_id, document FROM document_event
WHERE sequence > :after AND {MAY_READ} ORDER BY sequence LIMIT :limit
"""
SELECT_EVENTS_OF = f"""
SELECT sequence, document_id, document FROM document_event
WHERE document_id = :document_id AND sequence > :after AND {MAY_READ} ORDER BY sequence LIMIT :limit
"""
DELETE_EVENTS = "DELETE FROM document_event WHERE document_id = ?"
FORGET_EVENTS = "DELETE FROM document_event WHERE at < ?"
