"""What a folder says of the model in it, by the files that sentence-transformers and the usual exporters write."""

import hashlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import msgspec

from footnote.platform.inference.onnx_folder.errors import ModelFolderWrong

Pooling = Literal["mean", "cls", "max", "last"]

GRAPHS = ("model.onnx", "onnx/model.onnx", "onnx/model_quantized.onnx", "model_quantized.onnx")
TOKENIZER = "tokenizer.json"
CONFIGS = ("config.json", "modules.json", "sentence_bert_config.json", "config_sentence_transformers.json")
POOLING = "1_Pooling/config.json"
POOLINGS: Mapping[str, Pooling] = {
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_lasttoken": "last",
}
OFFSET = {"roberta": 2, "xlm-roberta": 2, "camembert": 2, "mpnet": 2}  # positions that these never give to a token
USUAL_TOKENS = 512
UNSAID = 1_000_000  # tokenizers without a limit name a number above
BLOCKS, BLOCK = 64, 1 << 16  # of a large file that tell it from another one


class ModelFolder:
    """
    Raises:
        ModelFolderWrong: On whatever is read first, if a file is missing or not what it should be.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def name(self) -> str:
        """Of the folder, and what tells its files from other ones: weights of another revision are another model."""
        return f"{self.path.resolve().name}@{self._fingerprint()}"

    @cached_property
    def graph(self) -> Path:
        found = next((self.path / name for name in GRAPHS if (self.path / name).is_file()), None)
        if found is None:
            raise ModelFolderWrong(self.path, f"there is no {GRAPHS[0]} in it")
        return found

    @cached_property
    def tokenizer(self) -> Path:
        path = self.path / TOKENIZER
        if not path.is_file():
            raise ModelFolderWrong(self.path, f"there is no {TOKENIZER} in it")
        return path

    @cached_property
    def dimension(self) -> int:
        """Of the embeddings, as far as a file tells."""
        told = self._config(POOLING).get("word_embedding_dimension") or self._config("config.json").get("hidden_size")
        if not isinstance(told, int) or told < 1:
            raise ModelFolderWrong(self.path, f"neither {POOLING} nor config.json tells the dimension")
        return told

    @cached_property
    def pooling(self) -> Pooling:
        """How one embedding is made of those of the tokens; the mean, where nothing is said."""
        config = self._config(POOLING)
        chosen = [pooling for name, pooling in POOLINGS.items() if config.get(name)]
        others = [name for name, value in config.items() if name.startswith("pooling_mode") and value is True]
        if len(chosen) > 1 or len(others) > len(chosen):
            raise ModelFolderWrong(self.path, f"the pooling is not one that is known: {', '.join(others)}")
        return chosen[0] if chosen else "mean"

    @cached_property
    def labels(self) -> list[str]:
        """Of a classifier, in the order of its numbers, as far as a file tells."""
        named = self._config("config.json").get("id2label")
        pairs = named.items() if isinstance(named, dict) else ()
        return [str(label) for _, label in sorted(pairs, key=lambda pair: int(pair[0]) if pair[0].isdigit() else 0)]

    @cached_property
    def has_dense_layer(self) -> bool:
        """Whether weights outside of the graph come after the pooling."""
        return any(str(module.get("type", "")).endswith(".Dense") for module in self._modules())

    @cached_property
    def max_tokens(self) -> int:
        config = self._config("config.json")
        limits = [
            self._config("sentence_bert_config.json").get("max_seq_length"),
            self._config("tokenizer_config.json").get("model_max_length"),
            (config.get("max_position_embeddings") or UNSAID) - OFFSET.get(str(config.get("model_type")), 0),
        ]
        said = [int(limit) for limit in limits if isinstance(limit, int | float) and 0 < limit < UNSAID]
        return min(said, default=USUAL_TOKENS)

    def prompt(self, kind: Literal["document", "query"]) -> str:
        """What the model wants to read before a text of that kind."""
        prompts = self._config("config_sentence_transformers.json").get("prompts") or {}
        names = {"document": ("document", "passage"), "query": ("query",)}[kind]
        return next((str(prompts[name]) for name in names if prompts.get(name)), "")

    def _config(self, name: str) -> dict[str, Any]:
        content = self._json(name)
        return content if isinstance(content, dict) else {}

    def _modules(self) -> list[dict[str, Any]]:
        content = self._json("modules.json")
        return [module for module in content if isinstance(module, dict)] if isinstance(content, list) else []

    def _json(self, name: str) -> object:
        try:
            return msgspec.json.decode((self.path / name).read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError) as error:
            raise ModelFolderWrong(self.path, f"{name} cannot be read ({error})") from None

    def _fingerprint(self) -> str:
        digest = hashlib.sha256()
        beside = sorted(self.graph.parent.glob(f"{self.graph.name}*"))  # weights outside of the graph
        for file in (self.tokenizer, *beside, *(self.path / name for name in (*CONFIGS, POOLING))):
            if file.is_file():
                digest.update(f"{file.name}:{file.stat().st_size}".encode())
                for block in _blocks(file):
                    digest.update(block)
        return digest.hexdigest()[:12]


def _blocks(file: Path) -> Iterator[bytes]:
    """All of a small file; of a large one blocks at even distances, so that a start does not wait for gigabytes."""
    size = file.stat().st_size
    with file.open("rb") as content:
        step = max(BLOCK, size // BLOCKS)
        for start in range(0, size, step):
            content.seek(start)
            yield content.read(BLOCK)
