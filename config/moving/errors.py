"""Why a store cannot be exported or imported."""

from pathlib import Path

from footnote.platform.errors import Conflict, Invalid, Unavailable


class ExportDamaged(Invalid):
    title = "The export cannot be read"

    def __init__(self, path: Path, byte: int, reason: str) -> None:
        super().__init__(f"{path}, at byte {byte}: {reason}. Nothing of it was imported.", byte=byte)


class ExportUnfinished(Invalid):
    title = "The export is not whole"

    def __init__(self, path: Path, byte: int) -> None:
        super().__init__(f"{path} ends at byte {byte}, before its end. Nothing of it was imported.", byte=byte)


class ExportTooNew(Invalid):
    title = "The export is of a newer version"

    def __init__(self, path: Path, found: int, known: int) -> None:
        super().__init__(f"{path} has format {found}; this version of footnote reads formats up to {known}.")


class ExportExists(Conflict):
    title = "There is such a file already"

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} would be overwritten. Choose another name, or move it away.")


class ExportInUse(Conflict):
    title = "The export is being written"

    def __init__(self, path: Path) -> None:
        super().__init__(f"Another process writes {path}.")


class FileUnusable(Unavailable):
    title = "The file cannot be used"

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"{path}: {error.strerror or error}.")


class StoreChanging(Unavailable):
    title = "The store changes too fast"

    def __init__(self, after: str) -> None:
        super().__init__(
            f"The document after {after or 'none'} was changed each time while it was written out. What is in the "
            "file stays; the same command goes on."
        )


class TargetNotEmpty(Conflict):
    title = "The store holds other things"

    def __init__(self, kind: str, identifier: str, reason: str) -> None:
        super().__init__(
            f"{kind} {identifier} is in the store, and {reason}. An export goes into an empty store, or into one that "
            "holds nothing but what came from the same export. Nothing was imported.",
            id=identifier,
        )
