"""Search as other slices call it."""

from collections.abc import Sequence
from typing import Any, Literal

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from footnote.modules.retrieval import InvalidFilter, InvalidTopK, Mode, QueryTooLong, Retriever, SearchQuery, stages
from footnote.modules.retrieval.finding import Fusion, Ranking
from footnote.modules.retrieval.service import RetrievalService
from footnote.platform.errors import Unavailable
from footnote.platform.inference import Embedder, Embeddings
from footnote.platform.principal import Principal

Store = Any
ANN = Principal(tenant="acme", subject="ann")
NEAR_A = (1.0, 0.0, 0.0, 0.0)
NEAR_B = (0.0, 1.0, 0.0, 0.0)


@pytest.fixture
async def service(store: Store, embedder: Embedder) -> RetrievalService:
    await store.add("d1", "aardvark", embeddings=[NEAR_A])
    await store.add("d2", "bubble", embeddings=[NEAR_B], metadata={"year": 2020})
    return RetrievalService(store.index, embedder, ranking=Ranking(metadata_fields={"year": "number"}))


async def found(service: Retriever, text: str, **options: Any) -> list[str]:
    results = await service.search(ANN, SearchQuery(text=text, **options))
    return [passage.document_id for passage in results.results]


async def test_hybrid_finds_by_word_and_by_meaning(service: RetrievalService) -> None:
    assert set(await found(service, "bubble aaaaaaaa")) == {"d1", "d2"}


async def test_dense_ignores_words_and_lexical_ignores_meaning(service: RetrievalService) -> None:
    assert await found(service, "bubble aaaaaaaaa", mode="dense") == ["d1", "d2"]
    assert await found(service, "bubble aaaaaaaaa", mode="lexical") == ["d2"]


async def test_no_more_than_top_k_come(service: RetrievalService) -> None:
    assert len(await found(service, "aardvark", top_k=1)) == 1


async def test_filters_admit(service: RetrievalService) -> None:
    assert await found(service, "aardvark", filters={"metadata.year": {"gte": 2000}}) == ["d2"]
    with pytest.raises(InvalidFilter):
        await found(service, "aardvark", filters={"metadata.month": 1})


@pytest.mark.parametrize("fusion", ["standardised", "convex", "rrf"])
async def test_scores_and_ranks_of_both_stages_are_given(store: Store, embedder: Embedder, fusion: Fusion) -> None:
    await store.add("d1", "aardvark", embeddings=[NEAR_A])
    service = RetrievalService(store.index, embedder, ranking=Ranking(fusion=fusion))
    [passage] = (await service.search(ANN, SearchQuery(text="aardvark"))).results
    assert (passage.ranks.dense, passage.ranks.lexical, passage.ranks.fused) == (1, 1, 1)
    assert passage.score == passage.scores.fused
    assert passage.scores.dense is not None
    assert passage.scores.lexical is not None


async def test_an_explanation_comes_where_it_is_asked_for(service: RetrievalService) -> None:
    plain = await service.search(ANN, SearchQuery(text="aardvark"))
    explained = await service.search(ANN, SearchQuery(text="aardvark", explain=True))
    assert plain.explanation is None
    assert explained.explanation is not None
    assert explained.explanation.found == {"dense": 2, "lexical": 1}
    assert explained.explanation.embedding == "test:letters"


@pytest.mark.parametrize(
    ("mode", "names"),
    [
        ("hybrid", ["embed_query", "filter", "dense", "lexical", "complete", "fuse", "confirm", "total"]),
        ("dense", ["embed_query", "filter", "dense", "fuse", "confirm", "total"]),
        ("lexical", ["filter", "lexical", "fuse", "confirm", "total"]),
    ],
)
async def test_every_stage_that_ran_is_timed(service: RetrievalService, mode: Mode, names: Sequence[str]) -> None:
    results = await service.search(ANN, SearchQuery(text="aardvark", mode=mode))
    assert list(results.timings_ms) == names


async def test_limits_are_named(service: RetrievalService) -> None:
    await found(service, "x" * 10_000, top_k=1000)
    with pytest.raises(QueryTooLong, match="at most 10000"):
        await found(service, "x" * 10_001)
    for top_k in (0, 1001):
        with pytest.raises(InvalidTopK, match="from 1 to 1000"):
            await found(service, "x", top_k=top_k)


async def test_lone_surrogates_of_a_command_line_do_no_harm(service: RetrievalService) -> None:
    assert (await found(service, "aardvark \udcff"))[0] == "d1"


async def test_passages_need_no_query(service: RetrievalService) -> None:
    assert [passage.text for passage in await service.passages(ANN, "d1")] == ["aardvark"]
    assert await service.passages(Principal(tenant="acme", subject="bob"), "d1") == ()


async def test_every_stage_is_a_span_of_the_callers_trace(
    service: RetrievalService, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(stages, "tracer", provider.get_tracer("test"))
    with provider.get_tracer("test").start_as_current_span("asked"):
        results = await service.search(ANN, SearchQuery(text="aardvark"))
    spans = exporter.get_finished_spans()
    assert {"retrieval.dense", "retrieval.lexical", "retrieval.fuse", "retrieval.confirm"} < {
        each.name for each in spans
    }
    assert {f"{each.context.trace_id:032x}" for each in spans} == {results.trace_id}


async def test_every_stage_is_timed_though_nobody_traces(service: RetrievalService) -> None:
    results = await service.search(ANN, SearchQuery(text="aardvark"))
    assert {"dense", "lexical", "fuse", "confirm", "total"} < results.timings_ms.keys()


class AbsentEmbedder:
    """A model that cannot be reached."""

    name = "test:letters"
    dimension = 4
    max_tokens = 256

    async def embed(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> Embeddings:
        raise Unavailable("The model is away.")


async def test_without_the_embedder_words_are_searched_and_the_answer_says_so(
    service: RetrievalService, store: Store
) -> None:
    alone = RetrievalService(store.index, AbsentEmbedder())
    results = await alone.search(ANN, SearchQuery(text="bubble"))
    assert [passage.document_id for passage in results.results] == ["d2"]
    assert results.notes == ("Found by words alone: test:letters is unavailable",)
    with pytest.raises(Unavailable):
        await found(alone, "bubble", mode="dense")


async def test_an_explanation_says_what_stands_for_a_misspelt_word(service: RetrievalService) -> None:
    results = await service.search(ANN, SearchQuery(text="aardvrak", mode="lexical", explain=True))
    assert [passage.document_id for passage in results.results] == ["d1"]
    assert results.explanation is not None
    assert results.explanation.corrected == {"aardvrak": ["aardvark"]}
