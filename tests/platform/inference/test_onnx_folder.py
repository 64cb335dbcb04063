"""Models in folders: what their files say is what is done."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from support.onnx_models import DIMENSION, VOCABULARY, make_cross_encoder, make_encoder, write_json

from footnote.platform.inference.calls import WrongDimension
from footnote.platform.inference.onnx_folder import ModelFolder, ModelFolderWrong, OnnxEmbedder, OnnxReranker

Kind = Literal["document", "query"]


async def embedded(folder: Path, text: str, kind: Kind = "document", dimension: int = 0) -> np.ndarray:
    embedder = OnnxEmbedder(ModelFolder(folder), dimension, threads=1)
    try:
        row: np.ndarray = (await embedder.embed([text], kind=kind))[0]
        return row
    finally:
        await embedder.close()


@pytest.mark.parametrize(
    ("pooling", "expected"),
    [
        ("pooling_mode_mean_tokens", lambda rows: rows.mean(axis=0)),
        ("pooling_mode_cls_token", lambda rows: rows[0]),
        ("pooling_mode_max_tokens", lambda rows: rows.max(axis=0)),
        ("pooling_mode_lasttoken", lambda rows: rows[-1]),
    ],
)
async def test_tokens_are_pooled_as_the_folder_says(
    tmp_path: Path, pooling: str, expected: Callable[[np.ndarray], np.ndarray]
) -> None:
    folder = make_encoder(tmp_path / "model", pooling=pooling)
    table = np.random.default_rng(1).standard_normal((len(VOCABULARY), DIMENSION))
    rows = table[[VOCABULARY[token] for token in ("[CLS]", "red", "apples", "[SEP]")]]
    whole = expected(rows)
    assert np.allclose(await embedded(folder, "Red apples"), whole / np.linalg.norm(whole), atol=1e-5)


async def test_an_unknown_pooling_is_told(tmp_path: Path) -> None:
    folder = make_encoder(tmp_path / "model", pooling="pooling_mode_weightedmean_tokens")
    with pytest.raises(ModelFolderWrong, match="pooling_mode_weightedmean_tokens"):
        await embedded(folder, "red")


async def test_only_the_tokens_that_the_model_reads_count(tmp_path: Path) -> None:
    folder = make_encoder(tmp_path / "model", max_tokens=4)
    assert np.array_equal(await embedded(folder, "red apples"), await embedded(folder, "red apples of berlin"))


async def test_a_prompt_of_the_model_goes_before_the_text(tmp_path: Path) -> None:
    prompts = {"prompts": {"query": "which ", "passage": "the "}}
    plain, prompted = make_encoder(tmp_path / "plain"), make_encoder(tmp_path / "prompted")
    write_json(prompted / "config_sentence_transformers.json", prompts)
    assert np.array_equal(await embedded(prompted, "tree", "query"), await embedded(plain, "which tree"))
    assert np.array_equal(await embedded(prompted, "tree", "document"), await embedded(plain, "the tree"))


async def test_a_model_may_do_without_some_inputs(tmp_path: Path) -> None:
    lean, full = make_encoder(tmp_path / "lean", inputs=("input_ids",)), make_encoder(tmp_path / "full")
    assert np.array_equal(await embedded(lean, "red"), await embedded(full, "red"))


async def test_an_input_that_nobody_knows_is_told(tmp_path: Path) -> None:
    folder = make_encoder(tmp_path / "model", inputs=("input_ids", "bbox"))
    with pytest.raises(ModelFolderWrong, match="bbox"):
        await embedded(folder, "red")


async def test_the_first_numbers_are_kept_where_fewer_are_asked_for(tmp_path: Path) -> None:
    folder = make_encoder(tmp_path / "model")
    whole = (await embedded(folder, "red"))[:8]
    assert np.allclose(await embedded(folder, "red", dimension=8), whole / np.linalg.norm(whole), atol=1e-6)


async def test_more_numbers_than_the_model_gives_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongDimension, match=f"of {DIMENSION} numbers where 100 are expected"):
        await embedded(make_encoder(tmp_path / "model"), "red", dimension=100)


async def test_another_dimension_than_the_folder_says_is_told(tmp_path: Path) -> None:
    folder = make_encoder(tmp_path / "model")
    write_json(folder / "1_Pooling/config.json", {"word_embedding_dimension": 99})
    with pytest.raises(WrongDimension, match=f"of {DIMENSION} numbers where 99 are expected"):
        await embedded(folder, "red")


async def test_weights_outside_of_the_graph_are_told(tmp_path: Path) -> None:
    folder = make_encoder(tmp_path / "model")
    write_json(folder / "modules.json", [{"type": "sentence_transformers.models.Dense", "path": "2_Dense"}])
    with pytest.raises(ModelFolderWrong, match="dense layer"):
        await embedded(folder, "red")


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json"])
def test_a_missing_file_is_told_when_the_embedder_is_made(tmp_path: Path, missing: str) -> None:
    folder = make_encoder(tmp_path / "model")
    (folder / missing).unlink()
    with pytest.raises(ModelFolderWrong, match=missing):
        OnnxEmbedder(ModelFolder(folder))


async def test_a_broken_file_is_told(tmp_path: Path) -> None:
    folder = make_encoder(tmp_path / "model")
    (folder / "model.onnx").write_bytes(b"not a graph")
    with pytest.raises(ModelFolderWrong, match="cannot be loaded"):
        await embedded(folder, "red")


def test_other_weights_or_another_dimension_are_another_model(tmp_path: Path) -> None:
    one, same = make_encoder(tmp_path / "a/model"), make_encoder(tmp_path / "b/model")
    other = make_encoder(tmp_path / "c/model", seed=2)
    names = [OnnxEmbedder(ModelFolder(folder)).name for folder in (one, same, other)]
    assert names[0] == names[1] != names[2]
    assert OnnxEmbedder(ModelFolder(one), 8).name not in names


@pytest.mark.parametrize("logits", [1, 2])
async def test_one_logit_or_the_second_of_two_is_the_score(tmp_path: Path, logits: int) -> None:
    reranker = OnnxReranker(ModelFolder(make_cross_encoder(tmp_path / "model", logits=logits)), threads=1)
    assert (await reranker.rerank("red apples", ["red apples", "apples", "boats"])).tolist() == [2, 1, 0]
    await reranker.close()


async def test_what_gives_more_numbers_is_no_cross_encoder(tmp_path: Path) -> None:
    reranker = OnnxReranker(ModelFolder(make_cross_encoder(tmp_path / "model", logits=3)), threads=1)
    with pytest.raises(ModelFolderWrong, match="no cross-encoder"):
        await reranker.rerank("red apples", ["red apples"])
    await reranker.close()
