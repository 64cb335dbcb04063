"""How every adapter of the chunk index orders and scores its lists."""

import math

import numpy as np
import pytest
from support.shelf import ANN, Shelf

from footnote.modules.retrieval import Passage
from footnote.modules.retrieval.repository import Probe, Ranked, Stored
from footnote.modules.retrieval.repository.hits import Both
from footnote.modules.retrieval.stages import Stages


def places(passages: tuple[Passage, ...]) -> list[tuple[str, int]]:
    return [(passage.document_id, passage.start) for passage in passages]


async def test_the_nearest_embedding_comes_first_and_scores_its_cosine(shelf: Shelf) -> None:
    rows = [(0, 1, 0, 0), (0.6, 0.8, 0, 0), (-1, 0, 0, 0), (1, 0, 0, 0)]
    await shelf.add("d1", "north", "between", "west", "east", embeddings=rows)
    found = await shelf.near((1, 0, 0, 0))
    assert [passage.text for passage in found] == ["east", "between", "north", "west"]
    assert [passage.scores.dense for passage in found] == [1.0, pytest.approx(0.6, abs=1e-6), 0.0, -1.0]


async def test_ranks_count_from_one(shelf: Shelf) -> None:
    await shelf.add("d1", "fox hen", "fox")
    assert [passage.ranks.lexical for passage in await shelf.words("fox hen")] == [1, 2]
    assert [passage.ranks.dense for passage in await shelf.near()] == [1, 2]


async def test_a_rarer_word_counts_more_and_no_score_is_negative(shelf: Shelf) -> None:
    await shelf.add("d1", "fox hen", "fox owl", "fox bat", "fox elk")
    found = await shelf.words("fox owl")
    assert found[0].text == "fox owl"
    assert all(passage.score >= 0 for passage in found)


async def test_a_word_of_all_chunks_in_a_language_of_few_is_not_rare(shelf: Shelf) -> None:
    await shelf.add("d1", "a fox", "one fox", *["a hen"] * 8)
    await shelf.add("d2", "orange Haus", language="de")
    assert "Haus" in (await shelf.words("orange fox"))[-1].text


@pytest.mark.parametrize("search", ["near", "words"])
async def test_equal_scores_come_by_document_and_start(shelf: Shelf, search: str) -> None:
    for document_id in ("d3", "d1", "d2"):
        await shelf.add(document_id, "fox", "fox")
    found = await (shelf.near() if search == "near" else shelf.words("fox"))
    assert places(found) == [(document_id, start) for document_id in ("d1", "d2", "d3") for start in (0, 3)]


async def test_equal_scores_are_cut_by_document_and_start(shelf: Shelf) -> None:
    for document_id in ("d3", "d1", "d2"):
        await shelf.add(document_id, "fox", "fox")
    assert places(await shelf.near(depth=3)) == [("d1", 0), ("d1", 3), ("d2", 0)]


async def test_no_list_is_longer_than_its_depth(shelf: Shelf) -> None:
    await shelf.add("d1", *["fox"] * 9)
    assert len(await shelf.near(depth=4)) == len(await shelf.words("fox", depth=4)) == 4


async def test_each_list_has_what_only_the_other_has_found(shelf: Shelf) -> None:
    await shelf.add("d1", "fox owl", "fox", embeddings=[(0, 1, 0, 0), (1, 0, 0, 0)])
    lists: list[dict[int, float]] = []

    def rank(both: Both, stored: Stored | None = None) -> list[Ranked]:
        starts = both.hits.starts
        for each in (both.dense, both.lexical):
            found = zip(starts[each.is_there].tolist(), each.scores[each.is_there].tolist(), strict=True)
            lists.append(dict(found))
        return []

    probe = Probe(embedding=np.array((1, 0, 0, 0), np.float32), text="fox owl", filter=None, depth=1)
    await shelf.index.search(ANN, probe, rank, Stages())
    [dense, lexical] = lists
    assert dense == {7: 1.0, 0: 0.0}
    assert lexical[0] > lexical[7] > 0


async def test_a_query_meets_only_embeddings_of_its_own_model(shelf: Shelf) -> None:
    await shelf.add("d1", "fox")
    await shelf.add("d2", "fox", model="another:model")
    assert places(await shelf.near()) == [("d1", 0)]
    assert places(await shelf.words("fox")) == [("d1", 0), ("d2", 0)]


async def test_headings_and_title_are_searched(shelf: Shelf) -> None:
    await shelf.add("d1", "text", title="Annual report")
    assert places(await shelf.words("reports")) == [("d1", 0)]


@pytest.mark.parametrize("text", ["", "  ?! ", '"', "\udcff", "\0"])
async def test_a_query_without_words_finds_nothing(shelf: Shelf, text: str) -> None:
    await shelf.add("d1", "fox")
    assert await shelf.words(text) == ()


@pytest.mark.parametrize("text", ['fox" OR text:"', "NEAR(fox hen)", "fox*", "header:fox", "-fox", "fox AND NOT fox"])
async def test_nothing_of_a_query_is_an_operator(shelf: Shelf, text: str) -> None:
    await shelf.add("d1", "the fox")
    assert places(await shelf.words(text)) == [("d1", 0)]


async def test_stop_words_do_not_count_beside_others(shelf: Shelf) -> None:
    await shelf.add("d1", "to be or not to be")
    await shelf.add("d2", "a fox")
    assert places(await shelf.words("is it to be a fox")) == [("d2", 0)]


async def test_codes_and_numbers_are_found(shelf: Shelf) -> None:
    await shelf.add("d1", "Form 10-Q of 2023")
    await shelf.add("d2", "Form 8-K of 2022")
    assert places(await shelf.words("10-Q 2023"))[0] == ("d1", 0)


async def test_a_very_long_query_is_answered(shelf: Shelf) -> None:
    await shelf.add("d1", "fox")
    assert places(await shelf.words("fox " + "owl " * 2000)) == [("d1", 0)]


async def test_scores_have_six_decimals(shelf: Shelf) -> None:
    await shelf.add("d1", "fox", embeddings=[(math.sqrt(1 / 3), math.sqrt(2 / 3), 0, 0)])
    [passage] = await shelf.near()
    assert passage.score == 0.57735
