"""all-MiniLM-L6-v2 as an ONNX graph of the operators that ONNX Runtime computes quickest, fused or not."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from footnote.platform.inference.local.rotation import rotation
from footnote.platform.inference.local.weights import DIMENSION, TOKEN_DIMENSION

Array: TypeAlias = NDArray[Any]

LAYERS, HEADS, EPSILON = 6, 12, 1e-12
FUSED = "com.microsoft"
ROTATION = "rotation"  # the node that is not to be quantised


def build_graph(weights: Mapping[str, Array]) -> ModelProto:
    """From the weights by their names in the safetensors file.

    Inputs `input_ids` and `mask`: int32 [batch, tokens]. Output `embedding`: float32 [batch, 384], the mean over the
    tokens whose mask is 1, of unit length. Output `tokens`: float32 [batch, tokens, 256], the last layer's unit states,
    of which a fixed rotation keeps the first 256 numbers.
    """
    graph = _Graph(weights)
    hidden = _embed_tokens(graph)
    for layer in range(LAYERS):
        hidden = _encode(graph, f"encoder.layer.{layer}.", hidden)
    _pool(graph, hidden)
    _rotate(graph, hidden)
    return graph.to_model()


class _Graph:
    def __init__(self, weights: Mapping[str, Array]) -> None:
        self._weights = weights
        self._nodes: list[NodeProto] = []
        self._constants: dict[str, TensorProto] = {}

    def constant(self, name: str, array: Array) -> str:
        self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(array), name)
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self._weights[name])

    def transposed(self, name: str) -> str:
        return self.constant(name, self._weights[name].T)

    def joined(self, name: str, parts: list[str]) -> str:
        """The weights `parts` side by side, transposed if they are matrices."""
        return self.constant(name, np.concatenate([self._weights[part].T for part in parts], axis=-1))

    def norm(self, prefix: str) -> list[str]:
        return [self.weight(f"{prefix}LayerNorm.{part}") for part in ("weight", "bias")]

    def add(self, op: str, inputs: list[str], output: str, *more: str, **attributes: Any) -> str:
        self._nodes.append(helper.make_node(op, inputs, [output, *more], **attributes))
        return output

    def to_model(self) -> ModelProto:
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT32, ["batch", "tokens"])
            for name in ("input_ids", "mask")
        ]
        outputs = [
            helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", DIMENSION]),
            helper.make_tensor_value_info("tokens", TensorProto.FLOAT, ["batch", "tokens", TOKEN_DIMENSION]),
        ]
        body = helper.make_graph(self._nodes, "minilm", inputs, outputs, list(self._constants.values()))
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)]
        return helper.make_model(body, opset_imports=opsets, ir_version=9)


def _embed_tokens(graph: _Graph) -> str:
    graph.add("Shape", ["input_ids"], "shape")
    graph.add("ConstantOfShape", ["shape"], "segments", value=helper.make_tensor("zero", TensorProto.INT32, [1], [0]))
    tables = [graph.weight(f"embeddings.{kind}_embeddings.weight") for kind in ("word", "position", "token_type")]
    return graph.add(
        "EmbedLayerNormalization",
        ["input_ids", "segments", *tables, *graph.norm("embeddings."), "mask"],
        "embedded",
        "mask_index",
        domain=FUSED,
        epsilon=EPSILON,
    )


def _encode(graph: _Graph, prefix: str, hidden: str) -> str:
    parts = [f"{prefix}attention.self.{part}." for part in ("query", "key", "value")]
    matrix = graph.joined(f"{prefix}qkv", [f"{part}weight" for part in parts])
    bias = graph.joined(f"{prefix}qkv_bias", [f"{part}bias" for part in parts])
    attention = graph.add(
        "Attention", [hidden, matrix, bias, "mask_index"], f"{prefix}attention", domain=FUSED, num_heads=HEADS
    )
    attended = _add_and_norm(graph, f"{prefix}attention.output.", attention, hidden)
    wide = _dense(graph, f"{prefix}intermediate.", attended)
    activated = graph.add("Gelu", [wide], f"{prefix}gelu", domain=FUSED)
    return _add_and_norm(graph, f"{prefix}output.", activated, attended)


def _dense(graph: _Graph, prefix: str, hidden: str) -> str:
    product = graph.add("MatMul", [hidden, graph.transposed(f"{prefix}dense.weight")], f"{prefix}product")
    return graph.add("Add", [product, graph.weight(f"{prefix}dense.bias")], f"{prefix}dense")


def _add_and_norm(graph: _Graph, prefix: str, hidden: str, residual: str) -> str:
    added = graph.add("Add", [_dense(graph, prefix, hidden), residual], f"{prefix}added")
    normed = [added, *graph.norm(prefix)]
    return graph.add("LayerNormalization", normed, f"{prefix}normed", axis=-1, epsilon=EPSILON)


def _pool(graph: _Graph, hidden: str) -> None:
    first, last = (graph.constant(f"axis{axis}", np.array([axis])) for axis in (1, 2))
    graph.add("Cast", ["mask"], "mask_float", to=TensorProto.FLOAT)
    graph.add("Unsqueeze", ["mask_float", last], "mask_column")
    graph.add("Mul", [hidden, "mask_column"], "masked")
    graph.add("ReduceSum", ["masked", first], "sum", keepdims=0)
    graph.add("ReduceSum", ["mask_float", first], "count", keepdims=1)
    graph.add("Div", ["sum", "count"], "mean")
    graph.add("LpNormalization", ["mean"], "embedding", axis=1, p=2)


def _rotate(graph: _Graph, hidden: str) -> None:
    graph.add("LpNormalization", [hidden], "states", axis=2, p=2)
    graph.add("MatMul", ["states", graph.constant("rotated", rotation())], "tokens", name=ROTATION)
