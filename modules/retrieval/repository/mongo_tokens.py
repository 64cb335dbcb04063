"""The embeddings of the tokens of chunks in MongoDB, as codes: beside the chunks, which are read far more often."""

from collections.abc import Sequence

from bson.binary import Binary

from footnote.modules.retrieval.ranking.late import encoded
from footnote.modules.retrieval.repository.mongo_filters import Row
from footnote.platform.inference import Embeddings
from footnote.platform.storage.mongo import MongoDatabase

TOKENS = "chunk_tokens"
SHARED = ("tenant", "document_id", "build")  # with the chunk
BATCH = 1000  # chunks


def token_rows(
    chunks: Sequence[Row], missing: Sequence[Row], space: str, tokens: Sequence[Embeddings] | None
) -> list[Row]:
    """Of those of `chunks` that are `missing`; `tokens` are those of all that are not parents, by the model `space`."""
    names = {chunk["_id"] for chunk in missing}
    children = [chunk for chunk in chunks if "text" in chunk]
    pairs = zip(children, tokens, strict=True) if tokens is not None else ()
    return [token_row(chunk, space, states) for chunk, states in pairs if chunk["_id"] in names]


def token_row(chunk: Row, space: str, tokens: Embeddings) -> Row:
    """Of a chunk's row, and the embeddings of its tokens by the model named `space`."""
    of_chunk = {name: chunk[name] for name in SHARED}
    return {"_id": _name(chunk["_id"], space), **of_chunk, "space": space, "codes": Binary(encoded(tokens))}


async def stored_tokens(
    database: MongoDatabase, tenant: str, space: str, keys: Sequence[int | str]
) -> list[bytes | None]:
    """In the order of `keys`; None where a chunk has none of that space."""
    if not keys:
        return []
    names = [_name(key, space) for key in keys]
    where = {"tenant": tenant, "_id": {"$in": names}}
    rows = await database.collection(TOKENS).find(where, projection={"codes": 1}, batch_size=len(names))
    by_name: dict[str, bytes] = {row["_id"]: row["codes"] for row in rows}
    return [by_name.get(name) for name in names]


async def drop_tokens(database: MongoDatabase, **equal: str) -> None:
    """Those with these values, in batches, each soon done."""
    tokens = database.collection(TOKENS)
    while rows := await tokens.find(equal, projection={"_id": 1}, limit=BATCH):
        await tokens.delete_many({**equal, "_id": {"$in": [row["_id"] for row in rows]}})


def _name(chunk: int | str, space: str) -> str:
    return f"{chunk}/{space}"
