"""What is asked of SQLite about conversations and memories."""

OWNED = "tenant = :tenant AND owner = :owner AND id = :id"
INSERT = """
INSERT INTO conversation
VALUES (:id, :tenant, :owner, :title, :titled_by, :active_id, :turns, :touched, :created_at, :updated_at)
"""
SELECT = f"SELECT * FROM conversation WHERE {OWNED}"
SELECT_PAGE = """
SELECT * FROM conversation WHERE tenant = ? AND owner = ? AND touched < ? ORDER BY touched DESC LIMIT ?
"""
MAY_RENAME = ":titled_by = 'person' OR titled_by <> 'person'"
RENAME = f"""
UPDATE conversation SET
  title = CASE WHEN {MAY_RENAME} THEN :title ELSE title END,
  titled_by = CASE WHEN {MAY_RENAME} THEN :titled_by ELSE titled_by END
WHERE {OWNED}
"""
ACTIVATE = f"UPDATE conversation SET active_id = :turn WHERE {OWNED}"
GROW = f"""
UPDATE conversation SET
  active_id = :turn, turns = turns + 1, updated_at = :at, touched = :touched,
  title = CASE titled_by WHEN 'nobody' THEN :title ELSE title END,
  titled_by = CASE titled_by WHEN 'nobody' THEN 'rules' ELSE titled_by END
WHERE {OWNED}
"""
DELETE = f"DELETE FROM conversation WHERE {OWNED}"

INSERT_TURN = "INSERT INTO turn VALUES (?, ?, ?)"
SELECT_NODE = "SELECT 1 FROM turn WHERE conversation_id = ? AND id = ?"
SELECT_NODES = f"""
SELECT turn.id, parent_id FROM turn WHERE conversation_id = (SELECT id FROM conversation WHERE {OWNED}) ORDER BY turn.id
"""

SELECT_SUMMARIES = f"""
SELECT summary.*,
  (SELECT json_group_array(document_id) FROM summary_source WHERE summary_source.turn_id = summary.turn_id)
    AS document_ids
FROM summary WHERE conversation_id = (SELECT id FROM conversation WHERE {OWNED}) ORDER BY turn_id
"""
COUNT_SUMMARIES = "SELECT count(*) FROM summary WHERE conversation_id = ?"
INSERT_SUMMARY = """
INSERT INTO summary (turn_id, conversation_id, tenant, text, written_by)
VALUES (:turn_id, :conversation_id, :tenant, :text, :written_by)
"""
INSERT_SOURCE = "INSERT INTO summary_source (tenant, document_id, turn_id) VALUES (?, ?, ?)"
DELETE_SUMMARY = "DELETE FROM summary WHERE tenant = ? AND turn_id = ?"
FORGET = """
DELETE FROM summary WHERE turn_id IN (SELECT turn_id FROM summary_source WHERE tenant = ? AND document_id = ?)
"""

INSERT_MEMORY = "INSERT INTO memory VALUES (:id, :tenant, :owner, :text, :created_at, :updated_at)"
SELECT_MEMORIES = "SELECT * FROM memory WHERE tenant = :tenant AND owner = :owner ORDER BY id DESC"
SELECT_MEMORY_PAGE = """
SELECT * FROM memory WHERE tenant = ? AND owner = ? AND id < ? ORDER BY id DESC LIMIT ?
"""
SELECT_MEMORY = f"SELECT * FROM memory WHERE {OWNED}"
REPLACE_MEMORY = f"UPDATE memory SET text = :text, updated_at = :updated_at WHERE {OWNED}"
DELETE_MEMORY = f"DELETE FROM memory WHERE {OWNED}"
