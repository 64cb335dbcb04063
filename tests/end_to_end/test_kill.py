"""A server that is killed in the middle of its work loses nothing and does nothing twice."""

import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

KILLS = 20
PARAGRAPHS = 24
DOCUMENTS = 10
WORDS = "harbour ledger river turbine orchard signal copper winter engine paper island market thread window"

Chunk = tuple[str, int, int, str, bytes]
CHUNKS = """
SELECT document.sha256, chunk.start, chunk."end", chunk.text, chunk_embedding.embedding
FROM publication
JOIN document ON document.id = publication.document_id
JOIN chunk ON chunk.build = publication.build
JOIN chunk_embedding ON chunk_embedding.number = chunk.number
"""


@pytest.fixture(scope="module")
def texts() -> list[tuple[str, str]]:
    return [(f"report-{number}.txt", report(random.Random(number))) for number in range(DOCUMENTS)]


def report(chance: random.Random) -> str:
    sentences = (" ".join(chance.choices(WORDS.split(), k=12)).capitalize() + "." for _ in range(PARAGRAPHS * 6))
    return "\n\n".join(" ".join(next(sentences) for _ in range(6)) for _ in range(PARAGRAPHS))


def upload(server: Any, texts: list[tuple[str, str]]) -> None:
    for name, text in texts:
        assert server.client.post("/api/v1/documents", files={"file": (name, text.encode())}).status_code == 202


def wait_until_settled(server: Any) -> list[dict[str, Any]]:
    while True:
        items: list[dict[str, Any]] = server.client.get("/api/v1/documents?limit=200").json()["items"]
        if all(item["status"] in {"ready", "failed", "cancelled"} for item in items):
            return items
        time.sleep(0.1)


def stored_chunks(home: Path) -> Counter[Chunk]:
    with sqlite3.connect(home / "footnote.db") as connection:
        return Counter(connection.execute(CHUNKS).fetchall())


def chunk_rows(home: Path) -> int:
    with sqlite3.connect(home / "footnote.db") as connection:
        return int(connection.execute("SELECT count(*) FROM chunk").fetchone()[0])


def test_twenty_kills_change_nothing_in_the_end(
    tmp_path: Path, start_server: Callable[..., Any], texts: list[tuple[str, str]]
) -> None:
    calm, rough = tmp_path / "calm", tmp_path / "rough"
    calm.mkdir()
    rough.mkdir()
    undisturbed = start_server(calm)
    upload(undisturbed, texts)
    begun = time.monotonic()
    wait_until_settled(undisturbed)
    whole_run = time.monotonic() - begun
    undisturbed.stop()

    chance = random.Random(2026)
    server = start_server(rough, job_lease_seconds=2)
    upload(server, texts)
    for _ in range(KILLS):
        time.sleep(chance.uniform(0, whole_run / 8))
        server.kill()
        server.start()
    documents = wait_until_settled(server)
    server.stop()

    assert {document["status"] for document in documents} == {"ready"}
    assert sorted(document["filename"] for document in documents) == sorted(name for name, _ in texts)
    assert stored_chunks(rough) == stored_chunks(calm)
    assert chunk_rows(rough) == chunk_rows(calm)
