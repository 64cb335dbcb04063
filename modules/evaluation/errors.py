"""Errors of evaluation."""

from pathlib import Path

from footnote.platform.errors import Invalid


class InvalidDataset(Invalid):
    type = "/problems/invalid-dataset"
    title = "Invalid dataset"

    def __init__(self, path: Path, reason: str, *, line: int | None = None) -> None:
        """`line` counts from 1; None when the whole file or folder is meant."""
        where = str(path) if line is None else f"{path}, line {line}"
        super().__init__(f"{where}: {reason}", path=str(path), line=line)
