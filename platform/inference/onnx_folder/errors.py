"""Why a model in a folder cannot be used."""

from pathlib import Path
from typing import ClassVar

from footnote.platform.errors import Unavailable


class ModelFolderWrong(Unavailable):
    type: ClassVar[str] = "/problems/model-folder-wrong"
    title: ClassVar[str] = "The model in the folder cannot be used"

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"{folder}: {reason}.", folder=str(folder))
