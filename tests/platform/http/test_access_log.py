from collections.abc import Callable, Iterator
from typing import Any

import pytest
from litestar import get
from loguru import logger


@get("/notes")
async def read_notes() -> str:
    return "notes"


@get("/health")
async def health() -> str:
    return "alive"


@pytest.fixture
def records() -> Iterator[list[Any]]:
    records: list[Any] = []
    sink = logger.add(lambda message: records.append(message.record), level="INFO", format="{message}")
    yield records
    logger.remove(sink)


def test_every_request_is_one_line(make_client: Callable[..., Any], records: list[Any]) -> None:
    client = make_client(read_notes)
    client.get("/notes")
    client.get("/nowhere")
    assert [(record["message"], record["extra"]["status"]) for record in records] == [
        ("request", 200),
        ("request", 404),
    ]
    assert (records[0]["extra"]["method"], records[0]["extra"]["path"]) == ("GET", "/notes")
    assert records[0]["extra"]["ms"] >= 0


def test_the_query_is_content_and_stays_out(make_client: Callable[..., Any], records: list[Any]) -> None:
    make_client(read_notes).get("/notes?q=what+I+asked")
    assert "asked" not in str(records[0]["extra"])


def test_a_path_cannot_forge_a_line(make_client: Callable[..., Any], records: list[Any]) -> None:
    make_client(read_notes).get("/x%0A2025-01-01%20signed%20in")
    assert records[0]["extra"]["path"] == "/x%0A2025-01-01%20signed%20in"


def test_health_is_not_worth_a_line(make_client: Callable[..., Any], records: list[Any]) -> None:
    make_client(health).get("/health")
    assert records == []
