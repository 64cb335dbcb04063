"""Builds, chunks and publications as documents of MongoDB."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec
import numpy as np
from bson.binary import Binary, BinaryVectorDtype

from footnote.modules.retrieval.lexical.languages import analysis_language
from footnote.modules.retrieval.models import Build, Card, Chunk, Kind, Passage
from footnote.modules.retrieval.repository import Ranked
from footnote.modules.retrieval.repository.mongo_filters import Row, facets
from footnote.modules.retrieval.repository.mongo_terms import chunk_codes, codes
from footnote.modules.retrieval.repository.places import Place, header, under_title
from footnote.modules.retrieval.repository.search_indexes import vector_path
from footnote.platform.ids import new_id
from footnote.platform.inference import Embeddings

Vectors: TypeAlias = Literal["float32", "int8", "array"]

PARENT_KIND: Kind = "parent"
INT8_SCALE = 127
SHOWN = {"_id": 1, "chunk_id": 1, "document_id": 1, "start": 1, "end": 1, "text": 1, "whole": 1, "place": 1}


def vector(embedding: Embeddings, form: Vectors) -> Binary | list[float]:
    match form:
        case "float32":
            return Binary.from_vector(embedding.tolist(), BinaryVectorDtype.FLOAT32)
        case "int8":
            quantised = np.rint(embedding * INT8_SCALE).astype(np.int8)
            return Binary.from_vector(quantised.tolist(), BinaryVectorDtype.INT8)
        case "array":
            floats: list[float] = embedding.tolist()
            return floats


def floats(stored: Binary | list[float]) -> Embeddings:
    """A vector as it was given, as far as its form keeps that."""
    if not isinstance(stored, Binary):
        return np.array(stored, np.float32)
    kept = stored.as_vector()
    scale = INT8_SCALE if kept.dtype is BinaryVectorDtype.INT8 else 1
    return np.array(kept.data, np.float32) / np.float32(scale)


def build_row(build: Build) -> Row:
    fields = msgspec.structs.asdict(build)
    spoken = {"analysed_in": analysis_language(build.language)}
    return {"_id": new_id(), **fields, **spoken, "chunks": 0, "living": True, "sequence": 0}


def language_of(build: Row) -> str:
    """That the chunks of a build's row are analysed in."""
    return str(build.get("analysed_in") or analysis_language(build.get("language")))


def chunk_rows(
    key: str,
    build: Build,
    title: str,
    chunks: Sequence[Chunk],
    embeddings: Embeddings,
    form: Vectors,
    language: str | None = None,
) -> list[Row]:
    """Not yet to be found: nobody may read what has neither owner nor readers.

    `language` is the one that they are analysed in, if `$text` has to find their words.
    """
    children = [chunk for chunk in chunks if chunk.kind != PARENT_KIND]
    parents = [_parent(key, build, chunk) for chunk in chunks if chunk.kind == PARENT_KIND]
    rows = np.asarray(embeddings, np.float32)
    path = vector_path(build.embedding, rows.shape[-1])
    pairs = zip(children, rows, strict=True)
    return parents + [{**_child(key, build, title, chunk, language), path: vector(row, form)} for chunk, row in pairs]


def described(card: Card) -> Row:
    """What a publication holds of a card."""
    return {**facets(card), "title": card.title}


def stamp(card: Card | Row, sequence: int, language: str) -> list[Row]:
    """The update that gives a chunk what its document's card says, from a card or from a publication.

    `language` is the one that the build is analysed in.
    """
    fields = described(card) if isinstance(card, Card) else card
    title = fields["title"]
    copied = ("owner", "readers", "media_type", "language", "created_at", "metadata", "times")
    values: Row = {name: {"$literal": fields[name]} for name in copied}
    values |= {"analysed_in": language, "title_codes": {"$literal": codes(title, language)}}
    return [{"$set": {**values, "sequence": sequence, "header": {"$concat": [{"$literal": title}, "$under"]}}}]


def passage(row: Row, publication: Row, ranked: Ranked) -> Passage:
    place = msgspec.json.decode(row["place"], type=Place)
    return Passage(
        id=row["chunk_id"],
        document_id=row["document_id"],
        version=publication["version"],
        title=publication["title"],
        text=row["whole"] if "whole" in row else row["text"],
        start=row["start"],
        end=row["end"],
        pages=place.pages,
        boxes=place.boxes,
        heading_path=place.heading_path,
        score=ranked.score,
        scores=ranked.scores,
        ranks=ranked.ranks,
        cells=place.cells,
        seconds=place.seconds,
        context=place.context,
    )


def _parent(key: str, build: Build, chunk: Chunk) -> Row:
    """Its text stands where no search looks."""
    return {**_common(key, build, chunk), "whole": chunk.text}


def _child(key: str, build: Build, title: str, chunk: Chunk, language: str | None) -> Row:
    place = _place(chunk)
    under = "".join(f"\n{line}" for line in under_title(place))
    return {
        **_common(key, build, chunk),
        "text": chunk.text,
        "header": header(title, place),
        "under": under,
        **(chunk_codes(under, chunk.text, language) if language else {}),
        **({"parent": _key(key, PARENT_KIND, *chunk.parent)} if chunk.parent else {}),
    }


def _common(key: str, build: Build, chunk: Chunk) -> Row:
    return {
        "_id": _key(key, chunk.kind, chunk.start, chunk.end),
        "chunk_id": build.chunk_id(chunk),
        "tenant": build.tenant,
        "document_id": build.document_id,
        "build": key,
        "kind": chunk.kind,
        "start": chunk.start,
        "end": chunk.end,
        "tokens": chunk.tokens,
        "place": msgspec.json.encode(_place(chunk)).decode(),
        "embedding": build.embedding,
        "sequence": 0,
    }


def _place(chunk: Chunk) -> Place:
    return msgspec.convert(chunk, Place, from_attributes=True)


def _key(build: str, kind: str, start: int, end: int) -> str:
    return f"{build}.{start}.{end}.{kind}"


def build_of(key: str) -> str:
    """The key of the build of a chunk by its key."""
    return key.partition(".")[0]
