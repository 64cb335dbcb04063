"""The local model without a loop, for work in a child process."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from footnote.platform.inference.local import LocalEmbedder, LocalSentences, ModelNotBuilt

TEXTS = ["A kitten sleeps on the rug.", "", "Revenue rose by 12% in the third quarter."]


async def test_it_gives_the_bits_of_the_embedder(embedder: LocalEmbedder, models: Path) -> None:
    expected = await embedder.embed(TEXTS, kind="document")
    sentences = LocalSentences(models)
    assert np.array_equal(sentences.embed(TEXTS), expected)
    assert sentences.name == embedder.name


def test_it_is_pickled_without_the_model(models: Path) -> None:
    sentences = LocalSentences(models)
    sentences.embed(TEXTS)
    pickled = pickle.dumps(sentences)
    assert len(pickled) < 1000
    assert pickle.loads(pickled).embed(TEXTS).shape == (3, 384)


def test_it_builds_the_model_where_there_is_none(tmp_path: Path, models: Path) -> None:
    assert np.array_equal(LocalSentences(tmp_path / "new").embed(TEXTS), LocalSentences(models).embed(TEXTS))


def test_a_model_that_cannot_be_built_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(ModelNotBuilt, match="Building it in"):
        LocalSentences(tmp_path / "file" / "models").embed(TEXTS)
