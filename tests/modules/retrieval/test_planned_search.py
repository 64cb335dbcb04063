"""What planning makes of searches of a real index."""

from collections.abc import Sequence
from typing import Any, Literal

import pytest
from support.letters import LetterEmbedder
from support.shelf import Shelf

from footnote.modules.retrieval import SearchQuery, SearchResults
from footnote.modules.retrieval.filters import FieldType
from footnote.modules.retrieval.finding import Ranking
from footnote.modules.retrieval.planning import Planner, Planning
from footnote.modules.retrieval.service import RetrievalService
from footnote.platform.errors import Unavailable
from footnote.platform.inference import Embeddings
from footnote.platform.principal import Principal

ANN = Principal(tenant="acme", subject="ann")
TEXT = "The margin was wide."


@pytest.fixture
async def service(store: Shelf, embedder: LetterEmbedder) -> RetrievalService:
    for number, title in enumerate(["2023 Q1 Acme", "2023 Q2 Acme", "2022 Q4 Acme"]):
        await store.add(f"d{number}", TEXT, title=title, metadata={"region": "North" if number == 2 else "South"})
    fields: dict[str, FieldType] = {"region": "string"}
    return RetrievalService(
        store.index, embedder, ranking=Ranking(metadata_fields=fields), planner=Planner(metadata_fields=fields)
    )


async def search(service: RetrievalService, text: str, reader: Principal = ANN, **options: Any) -> SearchResults:
    return await service.search(reader, SearchQuery(text=text, explain=True, **options))


async def test_the_report_of_the_quarter_asked_for_comes_first(service: RetrievalService) -> None:
    results = await search(service, "How wide was the margin in the second quarter of 2023?")
    assert results.results[0].document_id == "d1"
    assert len(results.results) == 3
    assert results.explanation is not None
    assert [note.stage for note in results.explanation.planning] == ["editions"]


async def test_the_latest_report_comes_first_even_where_one_is_wanted(service: RetrievalService) -> None:
    [passage] = (await search(service, "How wide was the margin in the latest report?", top_k=1)).results
    assert passage.title == "2023 Q2 Acme"


async def test_reports_that_the_asker_may_not_read_are_not_the_latest(service: RetrievalService, store: Shelf) -> None:
    await store.add("secret", TEXT, title="2024 Q1 Acme", owner="bob")
    results = await search(service, "How wide was the margin in the latest report?")
    assert results.results[0].title == "2023 Q2 Acme"
    assert "2024" not in str(results.explanation)


async def test_a_filter_of_the_asker_holds_in_the_second_round(service: RetrievalService) -> None:
    results = await search(service, "the margin in Q2 2023", filters={"document_id": {"in": ["d0", "d2"]}})
    assert {passage.document_id for passage in results.results} == {"d0", "d2"}


async def test_what_has_the_metadata_that_is_asked_for_comes_first(service: RetrievalService) -> None:
    results = await search(service, "the margin in North")
    assert [passage.document_id for passage in results.results] == ["d2", "d0", "d1"]


async def test_what_was_understood_is_told_where_anything_has_it(service: RetrievalService) -> None:
    results = await search(service, "How wide was the margin in the North?")
    assert results.explanation is not None
    assert [note.text for note in results.explanation.planning] == ["preferred where `metadata.region` is north"]


async def test_a_word_that_only_other_documents_have_is_no_misspelt_one(
    service: RetrievalService, store: Shelf
) -> None:
    await store.add("d9", "The margins of books.", title="Notes")
    results = await search(service, "margins in the North")
    assert results.explanation is not None
    assert results.explanation.planning != ()
    assert results.explanation.corrected == {}


async def test_what_found_too_little_is_asked_again_with_the_right_spelling(
    store: Shelf, embedder: LetterEmbedder
) -> None:
    await store.add("d1", "rockets had gas and mass at last", "an owl")
    results = await search(RetrievalService(store.index, embedder), "rocketts")
    assert results.explanation is not None
    assert results.explanation.queries == ("rocketts", "rockets")


@pytest.mark.parametrize("text", ["the margin, but not in 2023", "the margin before 2023", "margen antes de 2023"])
async def test_a_year_that_is_left_out_is_not_preferred(service: RetrievalService, text: str) -> None:
    assert (await search(service, text)).results[0].title == "2022 Q4 Acme"


async def test_a_kind_of_file_that_nothing_is_of_excludes_nothing(service: RetrievalService) -> None:
    assert len((await search(service, "the margin in the spreadsheet")).results) == 3


async def test_an_embedder_that_is_away_is_told_of_as_such_however_many_queries_fail(store: Shelf) -> None:
    class Away(LetterEmbedder):
        async def embed(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> Embeddings:
            raise Unavailable("The model is away.")

    with pytest.raises(Unavailable):
        await search(RetrievalService(store.index, Away()), "the margin in the spreadsheet", mode="dense")


async def test_what_a_model_did_not_write_is_noted_and_asked_for_the_next_time(
    store: Shelf, embedder: LetterEmbedder
) -> None:
    class Away:
        name = "test:away"
        asked = 0

        async def complete(self, prompt: str, *, max_tokens: int = 256) -> str:
            self.asked += 1
            raise Unavailable("The model is away.")

    away = Away()
    service = RetrievalService(
        store.index, embedder, planner=Planner(planning=Planning(wordings=True, corrective=False), model=away)
    )
    for _ in range(2):
        assert ["test:away" in note for note in (await search(service, "margin")).notes] == [True]
    assert away.asked == 2


async def test_long_documents_about_a_name_come_first(store: Shelf, embedder: LetterEmbedder) -> None:
    await store.add("bolt", *[f"{TEXT} Part {part}." for part in range(4)])
    await store.add("acme", *[f"{TEXT} Part {part}." for part in range(3)], "Acme makes anvils.")
    results = await search(RetrievalService(store.index, embedder), "How wide was the margin of Acme?")
    assert [passage.document_id for passage in results.results[:4]] == ["acme"] * 4


async def test_what_has_the_very_code_comes_before_what_is_like_it(store: Shelf, embedder: LetterEmbedder) -> None:
    await store.add("like", "the pump housing AB-1234/5.7 of section seven, part of it")
    await store.add("same", *(f"nothing of it {number}" for number in range(3)), "AB-1234/5.6: see there")
    service = RetrievalService(store.index, embedder)
    results = await search(service, "part AB-1234/5.6?")
    assert results.results[0].text == "AB-1234/5.6: see there"
    assert results.explanation is not None
    assert "preferred where AB-1234/5.6 stands" in [note.text for note in results.explanation.planning]


async def test_a_code_that_nothing_has_prefers_nothing(store: Shelf, embedder: LetterEmbedder) -> None:
    await store.add("like", "AB-1234/5.7")
    results = await search(RetrievalService(store.index, embedder), "AB-1234/5.6")
    assert results.explanation is not None
    assert results.explanation.planning == ()
