"""What `$text` of MongoDB finds by codes of terms, and how chunks come by them."""

from collections.abc import AsyncIterator

import numpy as np
import pytest
from support.shelf import ANN, EAST, Shelf, opened_shelf
from support.stores import mongo_store

from footnote.modules.retrieval import Ranks, Scores
from footnote.modules.retrieval.lexical.analysis import query_terms
from footnote.modules.retrieval.repository import Probe, Ranked, Stored
from footnote.modules.retrieval.repository.hits import Both
from footnote.modules.retrieval.repository.mongo_terms import code, codes, fill_codes, question_codes
from footnote.modules.retrieval.stages import Stages

CODES = {"analysis": "", "title_codes": "", "under_codes": "", "text_codes": ""}


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    async with mongo_store() as store, opened_shelf(store) as opened:
        yield opened


async def texts(shelf: Shelf, question: str) -> list[str]:
    return [passage.text for passage in await shelf.words(question)]


@pytest.mark.parametrize(
    ("language", "text", "question"),
    [
        ("zh", "关于深度学习的报告", "学习"),
        ("ja", "東京都の人口", "人口"),
        ("ko", "서울의 인구는 많다", "인구"),
        ("th", "รายงานประจำปีของบริษัท", "บริษัท"),
        ("de", "die Krankenversicherung", "Versicherungen"),
        ("eu", "etxeak handiak dira", "etxea"),
    ],
)
async def test_words_are_found_in_the_language_that_they_are_in(
    shelf: Shelf, language: str, text: str, question: str
) -> None:
    await shelf.add("d1", text, language=language)
    await shelf.add("d2", "a fox", language="en")
    assert await texts(shelf, question) == [text]


async def test_a_title_is_found_in_its_documents_language(shelf: Shelf) -> None:
    await shelf.add("d1", "fox", title="年度报告", language="zh")
    assert await texts(shelf, "报告") == ["fox"]
    await shelf.describe("d1", title="深度学习", language="zh")
    assert (await texts(shelf, "报告"), await texts(shelf, "学习")) == ([], ["fox"])


async def test_chunks_of_before_get_their_codes_once(shelf: Shelf) -> None:
    await shelf.add("d1", "深度学习", "东京", title="报告", language="zh")
    database = shelf.store.database
    for name in ("build", "publication", "chunk"):
        await database.collection(name).update_many({}, {"$unset": {**CODES, "analysed_in": ""}})
    assert await texts(shelf, "学习") == []
    assert (await fill_codes(database), await fill_codes(database)) == (2, 0)
    assert (await texts(shelf, "学习"), len(await texts(shelf, "报告"))) == (["深度学习"], 2)


async def test_chunks_that_were_never_published_get_codes_too(shelf: Shelf) -> None:
    build = shelf.build("d1", language="zh")
    await shelf.write(build, "深度学习", embeddings=[EAST])
    await shelf.store.database.collection("chunk").update_many({}, {"$unset": CODES})
    assert await fill_codes(shelf.store.database) == 1
    await shelf.publish(build, shelf.card("d1", language="zh"))
    assert await texts(shelf, "学习") == ["深度学习"]


def test_a_code_is_one_word_of_letters_in_each_language() -> None:
    assert code("10q", "en").isalpha()
    assert code("10q", "en") != code("10q", "de")
    assert set(question_codes(query_terms("Form 10-Q", "en"), "en")) <= set(codes("as Form 10-Q says", "en").split())


def test_what_is_asked_for_twice_counts_twice() -> None:
    [once] = question_codes(query_terms("fox", "en"), "en").values()
    assert [*question_codes(2 * query_terms("fox", "en"), "en").values()] == [2 * once]


def test_pieces_of_words_are_told_once() -> None:
    assert len(codes("Haus Haus", "de").split()) == 2
    assert len(codes("Versicherung Versicherung", "de").split()) < 2 * len(codes("Versicherung", "de").split())


async def test_a_hybrid_search_finds_what_holds_the_phrase_alone(shelf: Shelf) -> None:
    await shelf.add("d1", "the red fox", "a fox that is red", "an owl")
    probe = Probe(embedding=np.array(EAST, np.float32), text='"red fox"', filter=None, depth=10)
    found = await shelf.index.search(ANN, probe, every, Stages())
    assert [passage.text for passage in found] == ["the red fox"]


def every(both: Both, stored: Stored | None = None) -> list[Ranked]:
    keys = both.hits.keys.tolist()
    return [Ranked(key=key, score=1.0, scores=Scores(), ranks=Ranks()) for key in keys]
