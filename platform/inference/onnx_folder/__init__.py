"""Models in ONNX from a folder as the usual exporters write it: sentence embeddings, cross-encoders and entailment."""

from footnote.platform.inference.onnx_folder.cross_encoder import OnnxReranker
from footnote.platform.inference.onnx_folder.embedder import OnnxEmbedder
from footnote.platform.inference.onnx_folder.entailment import OnnxEntailment
from footnote.platform.inference.onnx_folder.errors import ModelFolderWrong
from footnote.platform.inference.onnx_folder.folder import ModelFolder

__all__ = ["ModelFolder", "ModelFolderWrong", "OnnxEmbedder", "OnnxEntailment", "OnnxReranker"]
