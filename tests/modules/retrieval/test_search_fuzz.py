"""Whatever is sent as a search, the answer is one, or a problem that says what is wrong with it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from litestar import Litestar
from litestar.di import Provide
from litestar.testing import AsyncTestClient
from support.filter_language import DECLARED, trees

from footnote.modules.retrieval.api import router
from footnote.modules.retrieval.finding import Ranking
from footnote.modules.retrieval.service import RetrievalService
from footnote.platform.http.problem import problem_details
from footnote.platform.inference import Embedder
from footnote.platform.principal import Principal

Store = Any
Client = AsyncTestClient[Litestar]
ANN = Principal(tenant="acme", subject="ann")
REFUSALS = {400, 413, 422}
LOOSE = {"suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]}

OPERATORS = (*"\"'()[]{}*+?^$|\\:;%_~-/<>&,.!#@ \t\n", "AND", "OR", "NOT", "NEAR/2", "text:", "fox", "日本", "\\p{L}")
words = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(OPERATORS), max_size=20).map("".join),
    st.text(st.characters(categories=["Cc", "Cf", "Cs", "Zs", "Zl", "Mn"]), max_size=20),
    st.builds(
        lambda word, times: word * times, st.sampled_from(["a", "fox ", "日", '"', "\u0301"]), st.integers(0, 12_000)
    ),
)
odd_numbers = st.sampled_from([0, -1, 1, 10, 1000, 1001, 10_000, 10**9, 10**30, 1.5, 1e9, float("nan"), float("inf")])
odd = st.one_of(odd_numbers, st.none(), st.booleans(), words, st.just([]), st.just({}))
names = st.sampled_from(["and", "or", "not", "in", "gte", "ne", "document_id", "created_at", "metadata.year", "title"])
loose_filters = st.recursive(
    odd, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names | words, inner, max_size=3), max_leaves=12
)
bodies = st.fixed_dictionaries(
    {"query": words},
    optional={
        "top_k": st.integers(1, 20) | odd,
        "mode": st.sampled_from(["hybrid", "dense", "lexical"]) | odd,
        "filters": trees | loose_filters,
        "rerank": st.booleans() | odd,
        "explain": st.booleans() | odd,
    },
)
sound = st.fixed_dictionaries(
    {"query": words},
    optional={
        "top_k": st.integers(1, 1000),
        "mode": st.sampled_from(["hybrid", "dense", "lexical"]),
        "filters": trees,
        "explain": st.booleans(),
    },
)


@pytest.fixture
async def client(store: Store, embedder: Embedder) -> AsyncIterator[Client]:
    await store.add("d1", "the quick fox", "日本語", "cab", title="Animals")
    service = RetrievalService(store.index, embedder, ranking=Ranking(metadata_fields=DECLARED))
    app = Litestar(
        [router],
        dependencies={
            "retrieval": Provide(lambda: service, sync_to_thread=False),
            "principal": Provide(lambda: ANN, sync_to_thread=False),
        },
        plugins=[problem_details()],
        logging_config=None,
    )
    async with AsyncTestClient(app, raise_server_exceptions=False) as client:
        yield client


async def answer_to(client: Client, body: Any) -> httpx.Response:
    text = body if isinstance(body, bytes) else json.dumps(body, default=str)  # lone surrogates escaped, NaN as it is
    return await client.post("/api/v1/search", content=text, headers={"content-type": "application/json"})


def assert_fit(response: httpx.Response) -> None:
    said = response.json()
    if response.status_code == 200:
        assert {"results", "trace_id", "timings_ms"} <= set(said)
        assert all({"document_id", "text", "start", "end", "score", "scores"} <= set(each) for each in said["results"])
        return
    assert (response.status_code in REFUSALS, response.headers["content-type"]) == (True, "application/problem+json")
    assert (said["status"], bool(said["title"]), bool(said["detail"])) == (response.status_code, True, True)


@settings(max_examples=150, **LOOSE)
@given(body=sound | bodies)
@example(body={"query": "fox" * 33_334})
@example(body={"query": "fox \ud800"})
@example(body={"query": "fox \0 fox", "mode": "lexical"})
@example(body={"query": 'fox "the quick', "mode": "lexical"})
async def test_any_search_is_answered_or_refused_with_a_reason(client: Client, body: dict[str, Any]) -> None:
    assert_fit(await answer_to(client, body))


@settings(max_examples=60, **LOOSE)
@given(body=st.binary(max_size=60) | odd.map(json.dumps).map(str.encode))
@example(body=b'{"query": "fox", "top_k": NaN}')
@example(body=b'{"query": "\xff"}')
@example(body=b'{"query": "fox", "filters": ' + b'{"not":' * 100_000 + b"1" + b"}" * 100_001)
async def test_what_is_no_search_at_all_is_refused_with_a_reason(client: Client, body: bytes) -> None:
    response = await answer_to(client, body)
    assert_fit(response)
    assert response.status_code in REFUSALS


@pytest.mark.parametrize("query", ["", " ", "\t\n\u2003", "\0", "\u200b\u200e"])
@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
async def test_a_query_of_nothing_to_be_seen_is_refused(client: Client, query: str, mode: str) -> None:
    response = await answer_to(client, {"query": query, "mode": mode})
    assert (response.status_code, response.json()["type"]) == (422, "/problems/empty-query")


async def test_half_a_character_is_refused(client: Client) -> None:
    response = await answer_to(client, b'{"query": "fox \\ud800"}')
    assert response.status_code == 400
    assert_fit(response)


@pytest.mark.parametrize("top_k", [0, -1, 1001, 10_000, 10**9, 10**30])
async def test_more_results_or_fewer_than_may_be_asked_for_are_refused(client: Client, top_k: int) -> None:
    response = await answer_to(client, {"query": "fox", "top_k": top_k})
    assert response.status_code in REFUSALS
    assert "top_k" in response.text


@pytest.mark.parametrize(
    "filters",
    [
        {"title": "x"},
        {"metadata.secret": 1},
        {"metadata.year": float("nan")},
        {"metadata.year": float("inf")},
        {"and": [{"and": [{"and": [{"and": [{"and": [{"not": {"language": "en"}}]}]}]}]}]},
        {"or": [{"language": "en"}] * 101},
    ],
)
async def test_a_filter_beyond_the_language_is_refused(client: Client, filters: dict[str, Any]) -> None:
    response = await answer_to(client, {"query": "fox", "filters": filters})
    assert response.status_code in REFUSALS
    assert_fit(response)


@pytest.mark.parametrize("query", ['"', "fox AND (", "fox*", "^fox$", "[[", "a:b:c", "-fox", "\\", "%fox_", "fox'; --"])
async def test_nothing_of_a_query_is_an_operator(client: Client, query: str) -> None:
    for mode in ("hybrid", "lexical"):
        response = await answer_to(client, {"query": query, "mode": mode})
        assert response.status_code == 200
        assert not ("fox" in query and not response.json()["results"])
