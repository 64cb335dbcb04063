"""Both lists by one `$rankFusion`, and embeddings in fewer bits."""

import numpy as np
import pytest
from support.atlas_index import ANN, METADATA, MODEL, atlas_index, eventually

from footnote.modules.retrieval import Passage
from footnote.modules.retrieval.fusion import convex, hybrid
from footnote.modules.retrieval.repository import IndexRepository, Probe
from footnote.modules.retrieval.stages import Stages
from footnote.platform.storage.mongo_capabilities import find_capabilities

pytestmark = pytest.mark.atlas


async def test_one_question_gives_what_two_give() -> None:
    async with atlas_index() as atlas:
        if not (await find_capabilities(atlas.database)).rank_fusion:
            pytest.skip("this version of MongoDB has no $rankFusion")
        await atlas.add("near", "hound", (1, 0, 0, 0))
        await atlas.add("both", "fox", (0.8, 0.6, 0, 0))
        await atlas.add("far", "a fox of foxes", (0, 1, 0, 0))
        await eventually(lambda: atlas.both("fox", 1, 0, 0, 0), lambda found: len(found) == 3)
        await eventually(lambda: atlas.words("fox"), lambda found: len(found) == 2)
        options = {"languages": ("en", "de"), "metadata": METADATA, "fusion": "server"}
        fused = atlas.store.index(embedding=MODEL, dimension=4, **options)
        assert await asked(fused) == await asked(atlas.index)


async def asked(index: IndexRepository) -> tuple[Passage, ...]:
    probe = Probe(embedding=np.array([1, 0, 0, 0], np.float32), text="fox", filter=None, depth=10)
    return await index.search(ANN, probe, hybrid(convex(0.5), 10), Stages())


async def test_embeddings_kept_as_int8_are_compared() -> None:
    async with atlas_index() as atlas:
        atlas.index = atlas.store.index(
            embedding=MODEL, dimension=4, languages=("en", "de"), metadata=METADATA, vectors="int8"
        )
        for name, vector in {"north": (0, 1, 0, 0), "east": (1, 0, 0, 0), "between": (0.6, 0.8, 0, 0)}.items():
            await atlas.add(name, "fox", vector)
        found = await eventually(lambda: atlas.near(1, 0, 0, 0), lambda found: len(found) == 3)
    assert found == ["east", "between", "north"]
