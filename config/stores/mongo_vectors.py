"""Whether the form in which embeddings are to be stored fits the server, and what the store has already."""

from typing import Any

from bson.binary import Binary, BinaryVectorDtype

from footnote.modules.retrieval.repository.mongo_rows import Vectors
from footnote.modules.retrieval.repository.search_indexes import vector_path
from footnote.modules.retrieval.repository.spaces import Space
from footnote.platform.errors import FootnoteError
from footnote.platform.storage.mongo import MongoDatabase
from footnote.platform.storage.mongo_capabilities import Capabilities


class VectorsUnknown(FootnoteError):
    title = "The server does not know this form of embeddings"

    def __init__(self, wanted: str, server: str) -> None:
        super().__init__(
            f"No search of {server} finds any stored as {wanted}. Set FOOTNOTE_MONGODB_VECTORS to float32 or array."
        )


class VectorsDiffer(FootnoteError):
    title = "The store has its embeddings in another form"

    def __init__(self, wanted: str, stored: str) -> None:
        super().__init__(
            f"They are stored as {stored}; those stored as {wanted} could not be compared with them. Set "
            f"FOOTNOTE_MONGODB_VECTORS back to {stored}; or, with that, export to a file, and import it into another "
            f"database with {wanted}."
        )


async def require_fitting(database: MongoDatabase, capabilities: Capabilities, vectors: Vectors, space: Space) -> None:
    """`space` is the active one, so the first chunks have it.

    Raises:
        VectorsUnknown: The server would not find them.
        VectorsDiffer: There are some in another form.
    """
    if vectors == "int8" and capabilities.server == "documentdb":
        raise VectorsUnknown(vectors, capabilities.title)
    path = vector_path(space.name, space.dimension)
    row = await database.collection("chunk").find_one({path: {"$exists": True}}, projection=[path])
    if row is not None and (stored := form_of(row[path])) != vectors:
        raise VectorsDiffer(vectors, stored)


def form_of(stored: Any) -> Vectors:
    if not isinstance(stored, Binary):
        return "array"
    return "int8" if stored.as_vector().dtype is BinaryVectorDtype.INT8 else "float32"
