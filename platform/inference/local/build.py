"""Making the model from the weights, once for a folder; run in a process of its own."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from footnote.platform.inference.local.store import ModelFile
from footnote.platform.inference.local.weights import Precision


def build_model(folder: Path, precision: Precision) -> None:
    """Build what `ModelFile` reads, unless another process has done so by the time the lock is free.

    Raises:
        WeightsMissing, WeightsChanged: There is nothing to build from.
        OSError: The folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = ModelFile(folder, precision)
    with _locked(file.lock):
        if file.read() is None:
            # The process that asks for the model imports this module too, and needs none of onnx.
            from footnote.platform.inference.local.model import make_model

            file.write(make_model(precision))


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """The lock is the kernel's: it ends with the process that holds it, however that ends."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
