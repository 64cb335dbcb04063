"""Atlas Vector Search in the engine's terms: search-index commands, `exact`, Binary vectors, and Atlas's scores."""

from typing import Any

import bson
from bson.binary import Binary
from support.documentdb import engine
from support.documentdb.replies import CommandError, Reply

Stage = dict[str, Any]

FIND = "SELECT name, spec FROM public.bridge_search_index WHERE db = $1 AND coll = $2"
SAVE = "INSERT INTO public.bridge_search_index VALUES ($1, $2, $3, $4)"
FORGET_DATABASE = "DELETE FROM public.bridge_search_index WHERE db = $1"
FORGET_COLLECTION = FORGET_DATABASE + " AND coll = $2"
FORGET = FORGET_COLLECTION + " AND name = $3 RETURNING spec"

SIMILARITY = {"cosine": "COS", "dotProduct": "IP", "euclidean": "L2"}
HIDDEN = "_search."  # name prefix of the ordinary indexes that stand in for filter fields
FULL_PRECISION_DIMENSIONS = 2000  # the engine's limit; half precision goes to 4000
MOST_CANDIDATES = 1000  # likewise: a test wants the same answer every time


async def create_search_index(pg: Any, db: str, coll: str, spec: Reply) -> str:
    """The name of the new index."""
    name: str = spec.setdefault("name", "default")
    if spec.get("type") != "vectorSearch":
        raise CommandError(115, "only search indexes of type vectorSearch exist here")
    if await list_search_indexes(pg, db, coll, name):
        raise CommandError(68, "Duplicate Index")
    for field in spec["definition"]["fields"]:
        index = _vector_index(name, field) if field["type"] == "vector" else _filter_index(field["path"])
        await engine.other(pg, "createIndexes", db, bson.encode({"createIndexes": coll, "indexes": [index]}))
    await pg.execute(SAVE, db, coll, name, bson.encode(spec))
    return name


def _vector_index(name: str, field: Reply) -> Reply:
    options = {"kind": "vector-hnsw", "m": 16, "efConstruction": 64}
    options |= {"similarity": SIMILARITY[field["similarity"]], "dimensions": field["numDimensions"]}
    if field["numDimensions"] > FULL_PRECISION_DIMENSIONS:
        options["compression"] = "half"
    return {"name": name, "key": {field["path"]: "cosmosSearch"}, "cosmosSearchOptions": options}


def _filter_index(path: str) -> Reply:
    """Descending, so that the application's own ascending index does not collide with it."""
    return {"name": HIDDEN + path, "key": {path: -1}}


async def update_search_index(pg: Any, db: str, coll: str, name: str, definition: Reply) -> None:
    spec = await drop_search_index(pg, db, coll, name)
    await create_search_index(pg, db, coll, spec | {"definition": definition})


async def drop_search_index(pg: Any, db: str, coll: str, name: str) -> Reply:
    """What defined it."""
    spec = await pg.fetchval(FORGET, db, coll, name)
    if spec is None:
        raise CommandError(27, f"search index {name} not found")
    await engine.other(pg, "dropIndexes", db, bson.encode({"dropIndexes": coll, "index": name}))
    return bson.decode(spec)


async def list_search_indexes(pg: Any, db: str, coll: str, wanted: str | None) -> list[Reply]:
    state = {"type": "vectorSearch", "status": "READY", "queryable": True}
    return [
        {"id": name, "name": name, "latestDefinition": bson.decode(spec)["definition"]} | state
        for name, spec in await pg.fetch(FIND, db, coll)
        if wanted in (None, name)
    ]


def without_search_indexes(raw: bytes) -> Reply:
    reply = bson.decode(raw)
    reply["cursor"]["firstBatch"] = [
        index
        for index in reply["cursor"]["firstBatch"]
        if "cosmosSearchOptions" not in index and not index["name"].startswith(HIDDEN)
    ]
    return reply


async def translate(pg: Any, db: str, coll: str, pipeline: list[Stage]) -> list[Stage]:
    """The pipeline with $vectorSearch in the engine's terms, in $unionWith and $lookup too."""
    for stage in pipeline:
        for name, key in (("$unionWith", "coll"), ("$lookup", "from")):
            inner = stage.get(name)
            if isinstance(inner, dict) and "pipeline" in inner:
                inner["pipeline"] = await translate(pg, db, inner[key], inner["pipeline"])
    search = pipeline[0].get("$vectorSearch") if pipeline else None
    if search is None:
        return pipeline
    indexes = await list_search_indexes(pg, db, coll, search.get("index", ""))
    if not indexes:
        return [{"$match": {"$expr": False}}]  # Atlas too finds nothing, and does not complain
    similarity = _similarity(indexes[0], search.get("path"))
    return [_first_stage(search), *(_atlas_score(stage, similarity) for stage in pipeline[1:])]


def _similarity(index: Reply, path: str | None) -> str:
    for field in index["latestDefinition"]["fields"]:
        if (field["type"], field["path"]) == ("vector", path):
            return str(field["similarity"])
    raise CommandError(8, f"Path '{path}' needs to be indexed as vector")


def _first_stage(search: Stage) -> Stage:
    vector = search["queryVector"]
    vector = vector.as_vector().data if isinstance(vector, Binary) else vector
    if search.pop("exact", False):
        exact = {"vector": vector, "path": search["path"], "k": search["limit"], "exact": True}
        return {"$search": {"cosmosSearch": exact | ({"filter": search["filter"]} if "filter" in search else {})}}
    if search.get("numCandidates", 0) < search["limit"]:
        raise CommandError(8, '"numCandidates" must be present and not less than "limit"')
    return {"$vectorSearch": search | {"queryVector": vector, "numCandidates": MOST_CANDIDATES}}


def _atlas_score(value: Any, similarity: str) -> Any:
    """The engine's score is the bare cosine, dot product or distance; Atlas's lies between 0 and 1."""
    if isinstance(value, list):
        return [_atlas_score(item, similarity) for item in value]
    if value == {"$meta": "vectorSearchScore"}:
        if similarity == "euclidean":
            return {"$divide": [1, {"$add": [1, {"$multiply": [value, value]}]}]}
        return {"$divide": [{"$add": [1, value]}, 2]}
    return {key: _atlas_score(item, similarity) for key, item in value.items()} if isinstance(value, dict) else value
