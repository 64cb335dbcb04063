"""Another embedding model while people search: the old one answers until the new one has embedded everything."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from support.places import mongo_place

OLD, NEW = "local:all-MiniLM-L6-v2/int8", "local:all-MiniLM-L6-v2/fp32"
TEXTS = {
    "bees": "Bees dance to tell each other where the flowers are.",
    "boats": "A boat with two hulls is called a catamaran.",
    "bread": "Sourdough rises slowly, for its yeast is wild.",
}
QUERY = {"query": "How do insects show the way?", "mode": "dense", "explain": True}


@pytest.fixture(params=["sqlite", "mongodb"])
def place(request: pytest.FixtureRequest) -> Iterator[str]:
    with ExitStack() as stack:
        yield "sqlite" if request.param == "sqlite" else stack.enter_context(mongo_place())


@pytest.fixture
def start(place: str, tmp_path: Path, start_server: Callable[..., Any]) -> Callable[[str], Any]:
    return lambda precision: start_server(tmp_path, store=place, embedding_precision=precision)


def search(server: Any) -> tuple[str, dict[str, float]]:
    """The model that embedded the question, and the scores by document."""
    found = server.client.post("/api/v1/search", json=QUERY).json()
    return found["explanation"]["embedding"], {each["title"]: each["score"] for each in found["results"]}


def take_in(server: Any, name: str) -> None:
    content = TEXTS[name].encode()
    item = server.client.post("/api/v1/documents", files={"file": (f"{name}.txt", content)}).json()["items"][0]
    while server.client.get(f"/api/v1/documents/{item['id']}").json()["status"] != "ready":
        time.sleep(0.05)


def test_searches_go_over_to_the_new_model_when_it_has_embedded_everything(start: Callable[[str], Any]) -> None:
    before = start("int8")
    for name in ("bees", "boats"):
        take_in(before, name)
    model, old = search(before)
    assert model == OLD
    before.stop()
    during = start("fp32")
    seen = [search(during)]
    take_in(during, "bread")
    while seen[-1][0] != NEW:
        seen.append(search(during))
        time.sleep(0.05)
    assert seen[0] == (OLD, old)
    assert all(set(scores) >= set(old) for _, scores in seen)
    model, new = search(during)
    assert set(new) == {"bees", "boats", "bread"}
    assert new["bees"] != old["bees"]
    assert abs(new["bees"] - old["bees"]) < 0.1
