"""What a store holds, seen from outside of the product, so that two runs can be compared."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from pymongo import MongoClient

Row = dict[str, Any]

PUBLISHED = """
SELECT document.sha256, document_version.chunking, chunk.start, chunk."end", chunk.text, chunk_embedding.embedding
FROM publication
JOIN document ON document.id = publication.document_id
JOIN document_version ON document_version.document_id = document.id AND document_version.number = document.version
JOIN chunk ON chunk.build = publication.build
LEFT JOIN chunk_embedding ON chunk_embedding.number = chunk.number
"""
UNSETTLED = "SELECT 1 FROM document WHERE status NOT IN ('ready', 'failed', 'cancelled')"
LEFT_OVER = {
    "unpublished builds": "SELECT count(*) FROM build WHERE number NOT IN (SELECT build FROM publication)",
    "chunks without a build": "SELECT count(*) FROM chunk WHERE build NOT IN (SELECT number FROM build)",
    "jobs that did not end": "SELECT count(*) FROM job WHERE status <> 'done'",
    "documents that are not ready": "SELECT count(*) FROM document WHERE status <> 'ready'",
    "versions too many": "SELECT count(*) FROM document_version WHERE number > 1",
}
SETTLED = ["ready", "failed", "cancelled"]


class Contents(Protocol):
    settings: Mapping[str, str]  # that lead the product there

    def published(self) -> Counter[Any]:
        """Hash of the document, chunker, start, end, text and embedding of every chunk that can be found."""
        ...

    def left_over(self) -> dict[str, int]:
        """What a run must not leave: rows without use, jobs that never ended."""
        ...

    def is_settled(self) -> bool: ...

    def running(self, pid: int | None = None) -> list[tuple[str, int]]:
        """Jobs and their fences, of all workers or of those in that process."""
        ...

    def drop(self) -> None: ...

    def close(self) -> None: ...


class SqliteContents:
    def __init__(self, home: Path) -> None:
        self.settings: Mapping[str, str] = {}
        self._home = home

    def published(self) -> Counter[Any]:
        return Counter(self._rows(PUBLISHED))

    def left_over(self) -> dict[str, int]:
        return {name: int(self._rows(query)[0][0]) for name, query in LEFT_OVER.items()}

    def is_settled(self) -> bool:
        return not self._rows(UNSETTLED)

    def running(self, pid: int | None = None) -> list[tuple[str, int]]:
        worker = "%" if pid is None else f"%:{pid}:%"
        return self._rows("SELECT id, fence FROM job WHERE status = 'running' AND worker LIKE ?", worker)

    def drop(self) -> None:
        """The folder goes with it."""

    def close(self) -> None:
        """Nothing is held open."""

    def _rows(self, query: str, *values: Any) -> list[Any]:
        with self._connected() as store:
            return store.execute(query, values).fetchall()

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        store = sqlite3.connect(self._home / "footnote.db", timeout=30)
        try:
            yield store
        finally:
            store.close()


class MongoContents:
    def __init__(self, uri: str) -> None:
        self.settings: Mapping[str, str] = {"STORE": uri}
        self._client: MongoClient[Row] = MongoClient(uri)
        self._database = self._client.get_default_database()

    @property
    def name(self) -> str:
        return self._database.name

    def published(self) -> Counter[Any]:
        builds = {row["build"]: row["document_id"] for row in self._all("publication")}
        documents = {row["_id"]: row for row in self._all("document")}
        versions = {(row["document_id"], row["number"]): row["chunking"] for row in self._all("document_version")}
        return Counter(
            (document["sha256"], versions[document["_id"], document["version"]], *_content(chunk))
            for chunk in self._all("chunk")
            if chunk["build"] in builds
            for document in [documents[builds[chunk["build"]]]]
        )

    def left_over(self) -> dict[str, int]:
        builds = {row["_id"]: row for row in self._all("build")}
        published = {row["build"] for row in self._all("publication")}
        return {
            "unpublished builds": sum(key not in published for key in builds),
            "builds set aside": sum("aside" in row for row in builds.values()),
            "chunks without a build": sum(chunk["build"] not in builds for chunk in self._all("chunk")),
            "jobs that did not end": self._count("job", {"status": {"$ne": "done"}}),
            "documents that are not ready": self._count("document", {"status": {"$ne": "ready"}}),
            "versions too many": self._count("document_version", {"number": {"$gt": 1}}),
        }

    def is_settled(self) -> bool:
        return not self._count("document", {"status": {"$nin": SETTLED}})

    def running(self, pid: int | None = None) -> list[tuple[str, int]]:
        of_worker = {} if pid is None else {"worker": {"$regex": f":{pid}:"}}
        rows = self._database["job"].find({"status": "running", **of_worker}, ["fence"])
        return [(row["_id"], row["fence"]) for row in rows]

    def drop(self) -> None:
        self._client.drop_database(self.name)

    def close(self) -> None:
        self._client.close()

    def _all(self, name: str) -> Iterator[Row]:
        return iter(self._database[name].find())

    def _count(self, name: str, where: Row) -> int:
        return self._database[name].count_documents(where)


def _content(chunk: Row) -> tuple[Any, ...]:
    vectors = tuple(bytes(value) for name, value in sorted(chunk.items()) if name.startswith("vector_"))
    return chunk["start"], chunk["end"], chunk.get("text", chunk.get("whole")), vectors
