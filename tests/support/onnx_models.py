"""Small ONNX models in folders as exporters write them, made of nothing but a vocabulary.

The encoder gives each token its own random direction; the cross-encoder counts the words that query and text share.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

WORDS = (
    *(
        "the",
        "a",
        "of",
        "in",
        "is",
        "are",
        "and",
        "which",
        "what",
        "red",
        "apples",
        "fell",
        "tree",
        "capital",
        "france",
    ),
    *("paris", "berlin", "city", "river", "boats", "sail", "on", "from", "moon", "stars", "shine"),
)
VOCABULARY = {word: number for number, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS])}
SIZE = len(VOCABULARY)
DIMENSION = 24
NAMES = ("input_ids", "attention_mask", "token_type_ids")


def write_tokenizer(folder: Path) -> None:
    tokenizer = Tokenizer(models.WordLevel(VOCABULARY, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", VOCABULARY["[CLS]"]), ("[SEP]", VOCABULARY["[SEP]"])],
    )
    tokenizer.enable_padding(length=16)  # as some exports have it, and nobody wants it here
    tokenizer.save(str(folder / "tokenizer.json"))


def write_json(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), "utf-8")


def make_encoder(
    folder: Path,
    *,
    seed: int = 1,
    output: str = "last_hidden_state",
    inputs: tuple[str, ...] = NAMES,
    pooling: str = "pooling_mode_mean_tokens",
    max_tokens: int = 32,
    **files: Any,
) -> Path:
    """`files` are further ones, JSON by name."""
    folder.mkdir(parents=True, exist_ok=True)
    write_tokenizer(folder)
    table = np.random.default_rng(seed).standard_normal((SIZE, DIMENSION)).astype(np.float32)
    node = helper.make_node("Gather", ["table", "input_ids"], [output])
    _save(folder / "model.onnx", [node], {"table": table}, inputs, output, ["batch", "tokens", DIMENSION])
    write_json(folder / "config.json", {"hidden_size": DIMENSION, "model_type": "bert", "max_position_embeddings": 512})
    write_json(folder / "1_Pooling/config.json", {"word_embedding_dimension": DIMENSION, pooling: True})
    write_json(folder / "sentence_bert_config.json", {"max_seq_length": max_tokens})
    for name, content in files.items():
        write_json(folder / f"{name}.json", content)
    return folder


def make_cross_encoder(folder: Path, *, logits: int = 1) -> Path:
    """The score of a pair is how often a word of the one is a word of the other."""
    folder.mkdir(parents=True, exist_ok=True)
    write_tokenizer(folder)
    words = np.eye(SIZE, dtype=np.float32)
    words[: VOCABULARY[WORDS[0]]] = 0  # special tokens count for nothing
    weights = np.array([[0.0, 1.0]] if logits == 2 else [[1.0] * logits], np.float32)
    nodes = [
        helper.make_node("Gather", ["words", "input_ids"], ["seen"]),
        helper.make_node("Cast", ["token_type_ids"], ["second"], to=TensorProto.FLOAT),
        helper.make_node("Sub", ["one", "second"], ["first"]),
        helper.make_node("Unsqueeze", ["first", "last"], ["first_column"]),
        helper.make_node("Unsqueeze", ["second", "last"], ["second_column"]),
        helper.make_node("Mul", ["seen", "first_column"], ["query_words"]),
        helper.make_node("Mul", ["seen", "second_column"], ["text_words"]),
        helper.make_node("ReduceMax", ["query_words"], ["query_bag"], axes=[1], keepdims=0),
        helper.make_node("ReduceMax", ["text_words"], ["text_bag"], axes=[1], keepdims=0),
        helper.make_node("Mul", ["query_bag", "text_bag"], ["shared"]),
        helper.make_node("ReduceSum", ["shared", "last_axis"], ["count"], keepdims=1),
        helper.make_node("MatMul", ["count", "weights"], ["logits"]),
    ]
    constants = {
        "words": words,
        "one": np.array(1, np.float32),
        "last": np.array([-1], np.int64),
        "last_axis": np.array([1], np.int64),
        "weights": weights,
    }
    _save(folder / "model.onnx", nodes, constants, NAMES, "logits", ["batch", logits])
    write_json(folder / "config.json", {"hidden_size": SIZE, "model_type": "bert", "max_position_embeddings": 512})
    return folder


def _save(
    path: Path,
    nodes: list[Any],
    constants: dict[str, np.ndarray],
    inputs: tuple[str, ...],
    output: str,
    shape: list[Any],
) -> None:
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"]) for name in inputs],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
