"""Views of the published index in files, so that a start need not read all chunks.

Nothing here is the only copy: what does not fit is left aside, and read from the database. A snapshot counts only if
the database names its token, which is written when the snapshot is complete: so one of another database, of one that
was restored, or a half one is never taken. It holds hashes, vectors and who may read; no text.

A large segment has a file of its own, which is written once. What changes (which rows are dead, who may read) stands in
the snapshot's own file together with the small segments.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import numpy as np

from footnote.modules.retrieval.lexical.analysis import ANALYSIS
from footnote.modules.retrieval.repository.memory.dense import Vectors
from footnote.modules.retrieval.repository.memory.files import (
    Array,
    DamagedFile,
    FloatFile,
    read_arrays,
    write_arrays,
    write_floats,
)
from footnote.modules.retrieval.repository.memory.segments import Segment, Stored
from footnote.modules.retrieval.repository.memory.sparse import Floats, Postings
from footnote.modules.retrieval.repository.memory.tenants import Documents, Grants, Tenant

FORMAT = 2
ROWS_AT_ONCE = 4096
COLUMNS = ("numbers", "starts", "read_as", "documents", "languages", "lengths")
POSTINGS = ("keys", "offsets", "rows", "header", "text")


class Kind(NamedTuple):
    """What a snapshot must be of, to be of use."""

    space: str
    dimension: int
    format: int = FORMAT
    analysis: int = ANALYSIS


class Snapshot(NamedTuple):
    head: int
    languages: list[str]
    tenants: dict[str, Tenant]


def filed(folder: Path, segment: Segment, dimension: int, stored: Stored) -> Segment:
    """The same segment, none of whose rows is dead, from a file of its own that is written now."""
    name = uuid4().hex
    batches = (
        segment.embeddings(np.arange(first, min(first + ROWS_AT_ONCE, segment.size)), stored)
        for first in range(0, segment.size, ROWS_AT_ONCE)
    )
    write_floats(folder / f"{name}.floats", batches)
    try:
        write_arrays(folder / f"{name}.segment", {}, dict(_arrays(segment)))
    except BaseException:
        (folder / f"{name}.floats").unlink(missing_ok=True)
        raise
    return _filed(folder, name, dimension)


def save(folder: Path, kind: Kind, snapshot: Snapshot) -> str:
    """Write it, and give its token; large segments have their files."""
    token = uuid4().hex
    arrays: dict[str, Array] = {}
    tenants = [_described(f"{place}", tenant, arrays) for place, tenant in enumerate(snapshot.tenants.values())]
    about = {
        "kind": kind,
        "token": token,
        "head": snapshot.head,
        "languages": snapshot.languages,
        "names": list(snapshot.tenants),
        "tenants": tenants,
    }
    write_arrays(folder / f"{token}.writing", about, arrays)
    (folder / f"{token}.writing").rename(folder / f"{token}.snapshot")
    return token


def load(folder: Path, kind: Kind, token: str) -> Snapshot:
    """
    Raises:
        DamagedFile: It is not what was saved, or not of this kind.
        OSError: It is not there or cannot be read.
    """
    about, arrays = read_arrays(folder / f"{token}.snapshot")
    if about["kind"] != list(kind) or about["token"] != token:
        raise DamagedFile
    owned: dict[str, dict[str, Array]] = {}
    for name, array in arrays.items():
        owner, _, column = name.rpartition(".")
        owned.setdefault(owner, {})[column] = array
    tenants = [
        _tenant(folder, f"{place}", kind.dimension, described, owned)
        for place, described in enumerate(about["tenants"])
    ]
    return Snapshot(about["head"], about["languages"], dict(zip(about["names"], tenants, strict=True)))


def files_of(snapshot: Snapshot) -> set[str]:
    """The names of the files of its large segments, without their endings."""
    return {segment.file for tenant in snapshot.tenants.values() for segment in tenant.segments if segment.file}


def _described(place: str, tenant: Tenant, arrays: dict[str, Array]) -> dict[str, Any]:
    known = len(tenant.granted)
    arrays[f"{place}.granted"], arrays[f"{place}.shown"] = tenant.granted, tenant.shown
    for number, segment in enumerate(tenant.segments):
        own = {"documents": segment.documents} if segment.file else {**dict(_arrays(segment)), **_floats(segment)}
        arrays |= {f"{place}.{number}.{name}": array for name, array in own.items()}
    return {
        "documents": tenant.documents.ids[:known],
        "grants": tenant.grants.first(int(tenant.granted.max()) + 1),
        "segments": [segment.file for segment in tenant.segments],
    }


def _tenant(
    folder: Path, place: str, dimension: int, described: Mapping[str, Any], owned: Mapping[str, Mapping[str, Array]]
) -> Tenant:
    segments = []
    for number, file in enumerate(described["segments"]):
        own = owned[f"{place}.{number}"]
        segments.append(_filed(folder, file, dimension, own["documents"]) if file else _segment(own, own["floats"]))
    return Tenant(
        segments=tuple(segments),
        documents=Documents(described["documents"]),
        grants=Grants([(owner, tuple(readers)) for owner, readers in described["grants"]]),
        granted=owned[place]["granted"],
        shown=owned[place]["shown"],
    )


def _filed(folder: Path, name: str, dimension: int, documents: Array | None = None) -> Segment:
    _, arrays = read_arrays(folder / f"{name}.segment")
    floats = FloatFile(folder / f"{name}.floats", dimension)
    if len(floats) != len(arrays["numbers"]) or (documents is not None and len(documents) != len(floats)):
        raise DamagedFile
    segment = _segment(arrays, floats, name)
    return segment if documents is None else replace(segment, documents=documents)


def _segment(arrays: Mapping[str, Array], floats: Floats | FloatFile, file: str = "") -> Segment:
    return Segment(
        **{name: arrays[name] for name in COLUMNS},
        postings=Postings(**{name: arrays[name] for name in POSTINGS}),
        vectors=Vectors.from_arrays(arrays),
        floats=floats,
        file=file,
    )


def _arrays(segment: Segment) -> Iterator[tuple[str, Array]]:
    yield from ((name, getattr(segment, name)) for name in COLUMNS)
    yield from ((name, getattr(segment.postings, name)) for name in POSTINGS)
    yield from segment.vectors.arrays().items()


def _floats(segment: Segment) -> dict[str, Array]:
    if not isinstance(segment.floats, np.ndarray):
        raise ValueError("a segment without a file holds its embeddings in memory")
    return {"floats": segment.floats}
