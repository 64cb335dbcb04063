"""What only MongoDB's own search can show: `$search`, `$rankFusion`, and an index that lags behind."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from bson.binary import Binary, BinaryVectorDtype
from hypothesis import HealthCheck, given, settings
from support.atlas_index import ANN, METADATA, MODEL, Atlas, atlas_index, card, documents, eventually
from support.filter_language import holds, trees

from footnote.modules.retrieval.filters import parse_filter
from footnote.modules.retrieval.repository.atlas_pipelines import dense, lexical, placed, rank_fusion, score_fusion
from footnote.modules.retrieval.repository.mongo_filters import findable, findable_clauses
from footnote.modules.retrieval.repository.search_indexes import TextIndex, vector_path
from footnote.platform.storage.mongo_capabilities import find_capabilities

pytestmark = pytest.mark.atlas

WORDS = TextIndex(languages=("en", "de"), metadata=METADATA).name
VECTORS = vector_path(MODEL, 4)
EAST = Binary.from_vector([1.0, 0.0, 0.0, 0.0], BinaryVectorDtype.FLOAT32)
DESCRIBED: list[dict[str, Any]] = [
    {"language": "de", "metadata": {"year": 2020, "author": "a", "final": True, "signed": "2024-01-01"}},
    {"language": None, "media_type": "", "metadata": {"year": "2020", "author": 1, "signed": "now"}},
    {"media_type": "日本", "metadata": {"year": 1.5, "final": False, "signed": "2024-01-01T02:00:00+01:00"}},
    {"media_type": "a", "metadata": {"year": [1], "author": "é", "final": 1, "signed": 2451545}},
    {"media_type": "A", "metadata": {"year": 2**53, "author": "z", "other": "a"}},
    {},
]


@pytest.fixture
async def atlas() -> AsyncIterator[Atlas]:
    async with atlas_index() as opened:
        yield opened


async def test_the_container_is_known_for_what_it_is(atlas: Atlas) -> None:
    found = await find_capabilities(atlas.database)
    assert found.server in ("atlas-local", "atlas", "community")
    assert found.vector_search
    assert found.text_search
    assert found.transactions


async def test_words_are_found_by_stems_of_the_chunks_language(atlas: Atlas) -> None:
    await atlas.add("english", "The foxes were running")
    await atlas.add("german", "Die Häuser am Fluss", language="de")
    await atlas.add("other", "Les maisons foxes", language="fr")
    assert await eventually(lambda: atlas.words("fox"), bool) == ["english"]
    assert await eventually(lambda: atlas.words("Haus"), bool) == ["german"]
    assert await eventually(lambda: atlas.words("maisons"), bool) == ["other"]


async def test_a_word_in_the_title_counts_more_than_one_in_the_text(atlas: Atlas) -> None:
    await atlas.add("text", "fox and hound", title="of animals")
    await atlas.add("title", "dog and hound", title="of foxes")
    assert await eventually(lambda: atlas.words("fox"), lambda found: len(found) == 2) == ["title", "text"]


async def test_the_nearest_come_first(atlas: Atlas) -> None:
    for name, vector in {"east": (1, 0, 0, 0), "north": (0, 1, 0, 0), "between": (0.6, 0.8, 0, 0)}.items():
        await atlas.add(name, "fox", vector)
    found = await eventually(lambda: atlas.near(1, 0, 0, 0), lambda found: len(found) == 3)
    assert found == ["east", "between", "north"]


async def test_both_lists_are_fused(atlas: Atlas) -> None:
    await atlas.add("near", "hound", (1, 0, 0, 0))
    await atlas.add("both", "fox", (0.8, 0.6, 0, 0))
    await atlas.add("far", "dog", (0, 1, 0, 0))
    found = await eventually(lambda: atlas.both("fox", 1, 0, 0, 0), lambda found: len(found) == 3)
    assert found == ["both", "near", "far"]


async def fused(atlas: Atlas, kind: str) -> list[dict[str, Any]]:
    near = dense(VECTORS, EAST, findable(ANN, None) or {}, path=VECTORS, depth=10)
    words = lexical(WORDS, "fox", findable_clauses(ANN, None) or [], languages=("en", "de"), depth=10)
    by_scores = score_fusion(near, words, dense_weight=0.5, depth=10)
    pipeline = rank_fusion(near, words, depth=10) if kind == "rank" else by_scores
    return await atlas.database.collection("chunk").aggregate(pipeline)


@pytest.mark.parametrize("kind", ["rank", "score"])
async def test_the_server_fuses_and_says_where_each_list_had_a_chunk(atlas: Atlas, kind: str) -> None:
    if not getattr(await find_capabilities(atlas.database), f"{kind}_fusion"):
        pytest.skip(f"this version of MongoDB has no ${kind}Fusion")
    await atlas.add("near", "hound", (1, 0, 0, 0))
    await atlas.add("both", "fox", (0.8, 0.6, 0, 0))
    await eventually(lambda: atlas.both("fox", 1, 0, 0, 0), lambda found: len(found) == 2)
    await eventually(lambda: atlas.words("fox"), bool)
    rows = {row["document_id"]: placed(row["details"]) for row in await fused(atlas, kind)}
    assert set(rows["both"]) == {"dense", "lexical"}
    assert set(rows["near"]) == {"dense"}


async def test_every_filter_admits_what_it_says(atlas: Atlas) -> None:
    for place, described in enumerate(DESCRIBED):
        await atlas.add(f"d{place}", "fox", **described)
    for ask in (atlas.near, lambda: atlas.words("fox")):
        await eventually(ask, lambda found: len(found) == len(DESCRIBED))
    cards = [card(f"d{place}", **described) for place, described in enumerate(DESCRIBED)]
    loop = asyncio.get_running_loop()

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(tree=trees)
    def every(tree: dict[str, Any]) -> None:
        admits = parse_filter(tree, METADATA)
        expected = {each.document_id for each in cards if holds(tree, each)}
        for ask in (atlas.near(admits=admits), atlas.words("fox", admits=admits)):
            assert set(documents(asyncio.run_coroutine_threadsafe(ask, loop).result())) == expected

    await asyncio.to_thread(every)


async def test_what_was_removed_is_not_shown_although_the_index_still_has_it(atlas: Atlas) -> None:
    await atlas.add("d1", "fox")
    await eventually(lambda: atlas.words("fox"), bool)
    await eventually(atlas.near, bool)
    await atlas.remove("d1")
    assert await atlas.words("fox") == await atlas.near() == ()


async def test_what_may_no_longer_be_read_is_not_shown_although_the_index_still_has_it(atlas: Atlas) -> None:
    await atlas.add("d1", "fox", owner="bob", readers=("user:ann",))
    await eventually(lambda: atlas.words("fox"), bool)
    await eventually(atlas.near, bool)
    async with atlas.database.transaction() as tx:
        await atlas.index.describe(tx, card("d1", owner="bob"))
    assert await atlas.words("fox") == await atlas.near() == ()
