"""The loaded graph of a folder, and its inputs by name."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions
from tokenizers import Encoding, Tokenizer

from footnote.platform.inference.onnx_folder.errors import ModelFolderWrong
from footnote.platform.inference.onnx_folder.folder import ModelFolder

TYPES = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}


class OnnxSession:
    """Safe to call from several threads; one call computes in the thread that makes it.

    One text a run: nothing is padded, and no text changes the numbers of another where activations share a scale.
    """

    def __init__(self, folder: ModelFolder) -> None:
        """
        Raises:
            ModelFolderWrong: A file is not what it should be, or the graph wants what nobody gives it.
        """
        options = SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        try:
            self._tokenizer = Tokenizer.from_file(str(folder.tokenizer))
            self._session = InferenceSession(str(folder.graph), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # both libraries raise bare ones
            raise ModelFolderWrong(folder.path, f"the model cannot be loaded ({_first_line(error)})") from None
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(folder.max_tokens, strategy="longest_first")
        self._inputs = {entry.name: TYPES.get(entry.type) for entry in self._session.get_inputs()}
        self.outputs = [entry.name for entry in self._session.get_outputs()]
        self.ranks = [len(entry.shape) for entry in self._session.get_outputs()]
        unknown = [name for name, kind in self._inputs.items() if kind is None or name not in _INPUTS]
        if unknown:
            raise ModelFolderWrong(folder.path, f"the model wants inputs that are not known: {', '.join(unknown)}")

    def run(self, text: str, pair: str | None = None) -> tuple[list[NDArray[Any]], int]:
        """The graph's outputs for the text, or for a pair of texts, and how many tokens it read."""
        # A batch of one: `encode` would hold the interpreter's lock.
        [encoding] = self._tokenizer.encode_batch_fast([text if pair is None else (text, pair)])
        feeds = {
            name: np.array([_INPUTS[name](encoding)], kind) for name, kind in self._inputs.items() if kind is not None
        }
        return self._session.run(None, feeds), len(encoding.ids)


def _positions(encoding: Encoding) -> Sequence[int]:
    return range(len(encoding.ids))


_INPUTS: dict[str, Any] = {
    "input_ids": lambda encoding: encoding.ids,
    "attention_mask": lambda encoding: encoding.attention_mask,
    "token_type_ids": lambda encoding: encoding.type_ids,
    "position_ids": _positions,
}


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
