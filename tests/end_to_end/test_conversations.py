"""Conversations and memories over the life of a server, on both stores."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from support.places import mongo_place

API = "/api/v1"
TEXT = b"Acme Lenses earned 48 million euros in 2023. Acme Lenses earned 31 million euros in 2022."
QUESTION = "How much did Acme Lenses earn in 2023?"


@pytest.fixture(params=["sqlite", "mongodb"])
def place(request: pytest.FixtureRequest) -> Iterator[str]:
    with ExitStack() as stack:
        yield "sqlite" if request.param == "sqlite" else stack.enter_context(mongo_place())


@pytest.fixture
def start(place: str, tmp_path: Path, start_server: Callable[..., Any]) -> Callable[[], Any]:
    return lambda: start_server(tmp_path, store=place)


def ask(server: Any, question: str, **fields: Any) -> dict[str, Any]:
    answer: dict[str, Any] = server.client.post(f"{API}/answers", json={"question": question, **fields}).json()
    return answer


def test_a_conversation_outlives_the_server_and_not_its_deletion(start: Callable[[], Any], ingest: Any) -> None:
    before = start()
    document = ingest(before, "acme.txt", TEXT)
    first = ask(before, QUESTION, conversation_id="new")
    remembered = ask(before, "Remember that I like tables.")
    before.stop()
    after = start()
    talk = first["conversation_id"]
    second = ask(after, "And in the year before?", conversation_id=talk)
    assert second["standalone_question"] == "How much did Acme Lenses earn in 2022?"
    shown = after.client.get(f"{API}/conversations/{talk}").json()
    assert [turn["answer"]["id"] for turn in shown["branch"]] == [first["id"], second["id"]]
    assert shown["title"] == QUESTION
    assert remembered["text"] == "I will remember that."
    assert [each["text"] for each in after.client.get(f"{API}/memories").json()["items"]] == ["I like tables."]
    assert after.client.delete(f"{API}/documents/{document['id']}").json()["deleted"]["answers_redacted"] == 2
    redacted = after.client.get(f"{API}/conversations/{talk}").json()["branch"]
    assert [(turn["answer"]["text"], turn["answer"]["citations"]) for turn in redacted] == [("", [])] * 2
    assert after.client.delete(f"{API}/conversations/{talk}").json()["answers"] == 2
    assert after.client.get(f"{API}/answers/{first['id']}").status_code == 404
