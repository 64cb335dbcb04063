"""The engine's SQL functions, by the command that each carries out.

$1 is the database, $2 the command, $3 a document sequence of the message or a cursor's continuation.
"""

from typing import Any

from support.documentdb.replies import Reply, index_reply, with_write_errors

SPEC = "$2::bytea::documentdb_core.bson"
PAGE = "SELECT cursorpage::bytea, continuation::bytea, cursorid FROM documentdb_api"
CURSORS = {
    "find": f"{PAGE}.find_cursor_first_page($1, {SPEC})",
    "aggregate": f"{PAGE}.aggregate_cursor_first_page($1, {SPEC})",
    "listCollections": f"{PAGE}.list_collections_cursor_first_page($1, {SPEC})",
    "listIndexes": f"{PAGE}.list_indexes_cursor_first_page($1, {SPEC})",
}
MORE = (
    "SELECT cursorpage::bytea, continuation::bytea"
    f" FROM documentdb_api.cursor_get_more($1, {SPEC}, $3::bytea::documentdb_core.bson)"
)
WRITES = {
    name: f"SELECT p_result::bytea FROM documentdb_api.{name}($1, {SPEC}, $3::bytea::documentdb_core.bsonsequence)"
    for name in ("insert", "update", "delete")
}
OTHERS = {
    "findAndModify": f"SELECT p_result::bytea FROM documentdb_api.find_and_modify($1, {SPEC})",
    "count": f"SELECT document::bytea FROM documentdb_api.count_query($1, {SPEC})",
    "distinct": f"SELECT document::bytea FROM documentdb_api.distinct_query($1, {SPEC})",
    "create": f"SELECT documentdb_api.create_collection_view($1, {SPEC})::bytea",
    "createIndexes": f"SELECT documentdb_api_internal.create_indexes_non_concurrently($1, {SPEC}, true)::bytea",
    "dropIndexes": f"CALL documentdb_api.drop_indexes($1, {SPEC}, NULL)",
    "listDatabases": f"SELECT documentdb_api.list_databases({SPEC})::bytea FROM (SELECT $1::text) AS unused",
}
CHANGE_COLLECTION = f"SELECT documentdb_api.coll_mod($1, $3, {SPEC})::bytea"
DROP = "SELECT documentdb_api.drop_collection($1, $2)"
DROP_DATABASE = "SELECT documentdb_api.drop_database($1)"


async def write(pg: Any, name: str, db: str, body: bytes, documents: bytes | None) -> Reply | bytes:
    return with_write_errors(await pg.fetchval(WRITES[name], db, body, documents))


async def other(pg: Any, name: str, db: str, body: bytes) -> Reply | bytes:
    raw = await pg.fetchval(OTHERS[name], db, body)
    return index_reply(raw) if name.endswith("Indexes") else raw
