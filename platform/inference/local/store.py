"""The built model in its folder, with a manifest that tells a good file from a wrong or half written one."""

import hashlib
from pathlib import Path

import msgspec

from footnote.platform.inference.local.weights import MODEL, WEIGHTS_SHA256, Precision

RECIPE = 3  # raised when the graph or the quantisation changes, so that what older code built is built anew


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    recipe: int
    weights_sha256: str
    model_sha256: str


class ModelFile:
    def __init__(self, folder: Path, precision: Precision) -> None:
        self.folder = folder
        self.model = folder / f"{MODEL}-{precision}.onnx"
        self.manifest = self.model.with_suffix(".json")
        self.lock = self.model.with_suffix(".lock")

    def read(self) -> bytes | None:
        """The model, or nothing if there is none that the manifest vouches for."""
        try:
            manifest = msgspec.json.decode(self.manifest.read_bytes(), type=Manifest)
            content = self.model.read_bytes()
        except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
            return None
        return content if manifest == _manifest(content) else None

    def write(self, content: bytes) -> None:
        """Only for the holder of the lock: the manifest last, each file by renaming."""
        for path, part in ((self.model, content), (self.manifest, msgspec.json.encode(_manifest(content)))):
            unfinished = path.with_name(f"{path.name}.part")
            unfinished.write_bytes(part)
            unfinished.replace(path)


def _manifest(content: bytes) -> Manifest:
    return Manifest(recipe=RECIPE, weights_sha256=WEIGHTS_SHA256, model_sha256=hashlib.sha256(content).hexdigest())
