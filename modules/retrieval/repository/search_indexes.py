"""The search indexes of chunks in MongoDB: their definitions, and making them."""

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Literal, TypeAlias

import msgspec
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import OperationFailure
from pymongo.operations import SearchIndexModel

from footnote.modules.retrieval.filters import METADATA, FieldType
from footnote.modules.retrieval.repository.atlas_pipelines import ANALYZERS, multi
from footnote.modules.retrieval.repository.mongo_filters import TIMES, Row, field_name, field_path
from footnote.platform.storage.errors import StoreUnavailable
from footnote.platform.storage.mongo import MongoDatabase, translated_errors

Quantization: TypeAlias = Literal["none", "scalar", "binary"]

CHUNKS = "chunk"
PAUSE = 1.0  # seconds between looks at an index that is being built
FIRST_PAUSE = 0.05
FILTERED = (
    "tenant", "owner", "readers", "kind", "build", "embedding", "document_id", "media_type", "language", "created_at",
)  # fmt: skip
TOKEN: Row = {"type": "token"}
TYPES: Mapping[FieldType, Row] = {
    "string": TOKEN,
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "time": {"type": "number", "representation": "int64"},
}


class SearchIndexNotReady(StoreUnavailable):
    title = "A search index is not ready"

    def __init__(self, name: str, status: str, mend: str) -> None:
        super().__init__(f"the search index {name} is {status}")
        self.detail = f"The search index {name} is {status}. {mend}"


def vector_path(embedding: str, dimension: int) -> str:
    """The field of a chunk with its vector: one for each model, so that no index holds vectors it cannot compare."""
    return f"vector_{re.sub(r'[^A-Za-z0-9]+', '_', embedding)}_{dimension}"


class VectorIndex(msgspec.Struct, frozen=True, kw_only=True):
    """One for each embedding model, so that a new one is built beside the one in use."""

    embedding: str  # name of the model
    dimension: int
    quantization: Quantization = "none"  # of the index; `scalar` and `binary` need vectors of floats
    metadata: Mapping[str, FieldType] = {}  # keys that may be filtered by

    kind = "vectorSearch"

    def __post_init__(self) -> None:
        if self.quantization == "binary" and self.dimension % 8:
            raise ValueError(f"an index of binary quantization needs a multiple of 8 dimensions, not {self.dimension}")

    @property
    def name(self) -> str:
        return vector_path(self.embedding, self.dimension)

    @property
    def path(self) -> str:
        return self.name

    @property
    def definition(self) -> Row:
        vector = {"type": "vector", "path": self.path, "numDimensions": self.dimension, "similarity": "cosine"}
        vector["quantization"] = self.quantization
        paths = [*FILTERED, *(field_path(METADATA + key, kind) for key, kind in sorted(self.metadata.items()))]
        return {"fields": [vector, *({"type": "filter", "path": path} for path in paths)]}


class TextIndex(msgspec.Struct, frozen=True, kw_only=True):
    languages: tuple[str, ...]  # those whose chunks are compared by stems
    metadata: Mapping[str, FieldType] = {}

    kind = "search"
    name = "words"

    @property
    def definition(self) -> Row:
        tokens = {path: TOKEN for path in FILTERED if path != "created_at"}
        fields = {"text": self._words(), "header": self._words(), "created_at": TYPES["time"], **tokens}
        for group, is_time in ((METADATA, False), (TIMES, True)):
            keys = {key: kind for key, kind in sorted(self.metadata.items()) if (kind == "time") == is_time}
            if keys:
                inner = {field_name(key): TYPES[kind] for key, kind in keys.items()}
                fields[group.rstrip(".")] = {"type": "document", "dynamic": False, "fields": inner}
        return {"mappings": {"dynamic": False, "fields": fields}}

    def _words(self) -> Row:
        """As it is for chunks of any language, and once more for each of the languages that are known."""
        forms = {multi(code): {"type": "string", "analyzer": f"lucene.{ANALYZERS[code]}"} for code in self.languages}
        return {"type": "string", "analyzer": "lucene.standard", **({"multi": forms} if forms else {})}


SearchIndex: TypeAlias = VectorIndex | TextIndex


async def ensure(
    database: MongoDatabase,
    indexes: Sequence[SearchIndex],
    *,
    wait: timedelta,
    changes: bool = True,
    collection: str = CHUNKS,
    told: Callable[[str], None] = lambda line: None,
) -> list[str]:
    """Create the indexes that are missing, change those defined otherwise, wait for all; lines of what was done.

    Without `changes`, those that are there are left as they are: somebody else's settings may have defined them.
    An index that is changed answers as it was until the new one is built. The collection must exist.

    Raises:
        SearchIndexNotReady: One failed, or is not built after `wait`; it goes on being built.
        StoreUnavailable: The server has no search, or does not answer.
    """
    chunks = database.database[collection]
    done = []
    for index in indexes:
        with translated_errors(), _told_refusal(index.name):
            if change := await _apply(chunks, index, changes=changes):
                done.append(change)
                told(change)
    try:
        async with asyncio.timeout(wait.total_seconds()):
            for index in indexes:
                await _built(chunks, index, changes=changes)
    except TimeoutError:
        raise await _late(chunks, indexes, wait) from None
    return done


async def drop(database: MongoDatabase, name: str, *, collection: str = CHUNKS) -> bool:
    """Whether there was such an index."""
    chunks = database.database[collection]
    with translated_errors():
        if await _found(chunks, name) is None:
            return False
        await chunks.drop_search_index(name)
    return True


def is_defined_as(latest: Any, wanted: Any) -> bool:
    """Whether a definition says what is wanted; the server adds defaults of its own."""
    match wanted:
        case dict():
            return isinstance(latest, dict) and all(is_defined_as(latest.get(key), wanted[key]) for key in wanted)
        case list():
            same = isinstance(latest, list) and len(latest) == len(wanted)
            return same and all(map(is_defined_as, latest, wanted))
        case _:
            return bool(latest == wanted)


async def _apply(chunks: AsyncCollection[Row], index: SearchIndex, *, changes: bool) -> str | None:
    found = await _found(chunks, index.name)
    if found is None:
        try:
            await chunks.create_search_index(SearchIndexModel(index.definition, index.name, index.kind))
        except OperationFailure:
            if await _found(chunks, index.name) is None:
                raise
            return None  # another process was quicker
        return f"search index {index.name} created"
    if not changes or is_current(found.get("latestDefinition"), index):
        return None
    await chunks.update_search_index(index.name, index.definition)
    return f"search index {index.name} changed"


def is_current(latest: Any, index: SearchIndex) -> bool:
    return is_defined_as(_ordered(latest), _ordered(index.definition)) and not _surplus(latest, index.definition)


async def _found(chunks: AsyncCollection[Row], name: str) -> Row | None:
    rows = await (await chunks.list_search_indexes(name)).to_list()
    return dict(rows[0]) if rows else None


async def _built(chunks: AsyncCollection[Row], index: SearchIndex, *, changes: bool) -> None:
    pause = FIRST_PAUSE
    while True:
        with translated_errors():
            found = await _found(chunks, index.name) or {}
        if found.get("status") == "FAILED":
            raise SearchIndexNotReady(index.name, "broken", _broken(found))
        if _is_ready(found) and (not changes or is_current(found.get("latestDefinition"), index)):
            return
        await asyncio.sleep(pause)
        pause = min(pause * 2, PAUSE)


async def _late(chunks: AsyncCollection[Row], indexes: Sequence[SearchIndex], wait: timedelta) -> SearchIndexNotReady:
    for index in indexes:
        with translated_errors():
            found = await _found(chunks, index.name) or {}
        if not _is_ready(found):
            break
    status = str(found.get("status", "missing")).lower()
    mend = f"It is still being built after {wait}; wait, then run `footnote migrate` again, which does no harm."
    return SearchIndexNotReady(index.name, status, mend)


@contextmanager
def _told_refusal(name: str) -> Iterator[None]:
    try:
        yield
    except OperationFailure as error:
        reason = str((error.details or {}).get("errmsg", error)).rstrip(".")
        raise SearchIndexNotReady(name, "refused by the server", f"It says: {reason}.") from error


def _is_ready(found: Row) -> bool:
    return bool(found.get("queryable")) and found.get("status") == "READY"


def _broken(found: Row) -> str:
    said = str(found.get("message") or "").strip()
    return f"{f'The server says: {said}. ' if said else ''}Drop it, mend what it names, and run `footnote migrate`."


def _ordered(definition: Any) -> Any:
    """Fields of a vector index in the order of their paths: the server may give them in its own."""
    if not isinstance(definition, dict) or not isinstance(definition.get("fields"), list):
        return definition
    return {**definition, "fields": sorted(definition["fields"], key=lambda field: (field["type"], field["path"]))}


def _surplus(latest: Any, wanted: Row) -> set[str]:
    """Fields that are indexed and no longer wanted; metadata that may no longer be filtered by, say."""
    return _paths(latest) - _paths(wanted)


def _paths(definition: Any, prefix: str = "") -> set[str]:
    fields = definition.get("mappings", definition).get("fields", {}) if isinstance(definition, dict) else {}
    if isinstance(fields, list):
        return {field["path"] for field in fields}
    inner = [_paths(field, f"{prefix}{name}.") for name, field in fields.items()]
    return {prefix + name for name in fields}.union(*inner)
