"""Errors of the store."""

from typing import ClassVar

from footnote.platform.errors import Conflict, FootnoteError, NotFound, Unavailable


class StoreUnavailable(Unavailable):
    type = "/problems/store-unavailable"
    title = "The store cannot be used"
    told: ClassVar[str] = "The store did not carry out the request: {}. Nothing was changed."

    def __init__(self, reason: str) -> None:
        super().__init__(self.told.format(reason), retry_after=5)


class TransactionConflict(StoreUnavailable):
    """Another transaction wrote the same at the same time, or the connection broke; nothing of this one was kept."""


class OutcomeUnknown(StoreUnavailable):
    """The connection broke while something was being written or committed."""

    told = "The store may or may not have carried out the request: {}. Look before you repeat it."


class SchemaOutdated(FootnoteError):
    title = "The store's schema is older than this version"

    def __init__(self, missing: list[str]) -> None:
        super().__init__(
            "Stop whatever else uses the store, make a backup, then run `footnote migrate` (`make migrate`) with the "
            f"same settings; nothing was changed. It will apply: {', '.join(missing)}."
        )


class SchemaTooNew(FootnoteError):
    title = "The store's schema is of another version"

    def __init__(self, unknown: list[str]) -> None:
        super().__init__(f"Install the version of footnote that made it; not known here: {', '.join(unknown)}.")


class ForeignDatabase(FootnoteError):
    title = "The database is somebody else's"

    def __init__(self, name: str, collections: list[str]) -> None:
        super().__init__(
            f"{name} was not made by footnote, and has documents in {', '.join(collections)}. Name another database at "
            "the end of FOOTNOTE_STORE; one that does not exist is made."
        )


class BlobNotFound(NotFound):
    type = "/problems/blob-not-found"
    title = "Content not found"

    def __init__(self, sha256: str) -> None:
        super().__init__("The stored bytes are missing.", sha256=sha256)


class BlobVanished(Conflict):
    type = "/problems/blob-vanished"
    title = "Content was swept meanwhile"

    def __init__(self, sha256: str) -> None:
        super().__init__("The bytes were removed between writing and use; write them again.", sha256=sha256)
