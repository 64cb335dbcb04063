"""The bytes of the model, from the weights."""

import tempfile
from pathlib import Path

import safetensors.numpy
from onnx import ModelProto, TensorProto
from onnxruntime.quantization import QuantType, quantize_dynamic

from footnote.platform.inference.local.graph import ROTATION, build_graph
from footnote.platform.inference.local.weights import Precision, read_weights

# The quantiser would otherwise advise a pass that fuses operators; they are fused already.
_NO_ADVICE = ("onnx.quant.pre_process", "onnxruntime.quant")


def make_model(precision: Precision) -> bytes:
    """ONNX; int8 is dynamic: weights one scale a channel, activations one scale a tensor, found as it runs."""
    graph = build_graph(safetensors.numpy.load(read_weights()))
    return graph.SerializeToString() if precision == "fp32" else _quantise(graph)


def _quantise(graph: ModelProto) -> bytes:
    key, value = _NO_ADVICE
    graph.metadata_props.add(key=key, value=value)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "int8.onnx"
        quantize_dynamic(
            graph,
            path,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Attention"],
            nodes_to_exclude=[ROTATION],
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )
        return path.read_bytes()
