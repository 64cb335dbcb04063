"""Why a model of Hugging Face cannot be used, and what to do about it."""

from typing import ClassVar

from footnote.platform.errors import Unavailable


class TransformersMissing(Unavailable):
    type: ClassVar[str] = "/problems/transformers-missing"
    title: ClassVar[str] = "The package transformers is not installed"

    def __init__(self, model: str) -> None:
        super().__init__(f"{model} needs the package transformers. Get it with `make transformers`.", model=model)


class ModelNotLoaded(Unavailable):
    type: ClassVar[str] = "/problems/model-not-loaded"
    title: ClassVar[str] = "The model cannot be loaded"

    def __init__(self, model: str, reason: str) -> None:
        super().__init__(f"{model} could not be loaded: {reason}.", model=model)
