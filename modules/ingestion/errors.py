"""Errors of ingestion."""

from footnote.platform.errors import Conflict, Invalid, NotFound, TooLarge, TooMany, UnsupportedType


class DocumentNotFound(NotFound):
    type = "/problems/document-not-found"
    title = "Document not found"

    def __init__(self, document_id: str, *, to_change: bool = False) -> None:
        allowed = "change" if to_change else "read"
        super().__init__(f"There is no such document that you may {allowed}.", document_id=document_id)


class VersionNotFound(NotFound):
    type = "/problems/version-not-found"
    title = "Version not found"

    def __init__(self, document_id: str, version: int) -> None:
        super().__init__(f"The document has no version {version}.", document_id=document_id, version=version)


class PageNotFound(NotFound):
    type = "/problems/page-not-found"
    title = "Page not found"

    @classmethod
    def numbered(cls, page: int, pages: int) -> "PageNotFound":
        return cls(f"There is no page {page}; {pages} pages of the document can be drawn.", pages=pages)

    @classmethod
    def named(cls, picture: str) -> "PageNotFound":
        return cls(f"Pictures of pages are named 1.png, 2.png and so on, not {picture!r}.")


class PageNotDrawn(Invalid):
    type = "/problems/page-not-drawn"
    title = "The page cannot be drawn"

    def __init__(self, page: int) -> None:
        super().__init__(f"Drawing page {page} takes more time or memory than it may; its text is there.", page=page)


class DocumentNotReady(Conflict):
    type = "/problems/document-not-ready"
    title = "Document not ready"

    def __init__(self, document_id: str, status: str) -> None:
        super().__init__(f"The document has no text yet; it is {status}.", document_id=document_id, status_of=status)


class DuplicateDocument(Conflict):
    type = "/problems/duplicate-document"
    title = "Duplicate document"

    def __init__(self, sha256: str) -> None:
        super().__init__("The owner has a document with the same bytes.", sha256=sha256)


class IdempotencyKeyReused(Invalid):
    type = "/problems/idempotency-key-reused"
    title = "Idempotency key used for something else"

    def __init__(self, key: str) -> None:
        super().__init__("This Idempotency-Key came with other bytes before. Use a new key.", key=key)


class UploadTooLarge(TooLarge):
    type = "/problems/upload-too-large"
    title = "File too large"

    def __init__(self, filename: str, limit: int) -> None:
        super().__init__(
            f"{filename!r} is larger than {limit:,} bytes; FOOTNOTE_MAX_UPLOAD_BYTES sets the limit.",
            filename=filename,
            limit=limit,
        )


class UnsupportedDocument(UnsupportedType):
    type = "/problems/unsupported-document"
    title = "Nothing here reads this kind of file"

    def __init__(self, filename: str, media_type: str, supported: list[str]) -> None:
        super().__init__(
            f"The content of {filename!r} is {media_type}. Supported: {', '.join(supported)}.",
            filename=filename,
            media_type=media_type,
            supported=supported,
        )


class InvalidReader(Invalid):
    type = "/problems/invalid-reader"
    title = "Invalid reader"

    def __init__(self, reader: str) -> None:
        super().__init__(f"A reader is `user:ID`, `group:NAME` or `tenant`, not {reader!r}.", reader=reader)


class InvalidMetadata(Invalid):
    type = "/problems/invalid-metadata"
    title = "Invalid metadata"

    def __init__(self, reason: str) -> None:
        super().__init__(f"`metadata` is an object of strings, numbers, booleans and nulls: {reason}.")


class InvalidSpan(Invalid):
    type = "/problems/invalid-span"
    title = "Invalid span"

    def __init__(self, start: int, end: int, length: int) -> None:
        super().__init__(f"[{start}, {end}) is no span of a text of {length} characters.", start=start, end=end)


class UnknownChunking(Invalid):
    type = "/problems/unknown-chunking"
    title = "Unknown way of chunking"

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"There is no chunking {name!r}. Known: {', '.join(known)}.", known=known)


class ExtractionTimedOut(Invalid):
    type = "/problems/extraction-timed-out"
    title = "Reading the file took too long"

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"It was stopped after {seconds:g} seconds without progress; "
            "FOOTNOTE_EXTRACT_TIMEOUT_SECONDS sets the limit."
        )


class ExtractionTooLong(Invalid):
    type = "/problems/extraction-too-long"
    title = "Reading the file took too long"

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"It was stopped after {seconds / 3600:.3g} hours; FOOTNOTE_EXTRACT_TOTAL_SECONDS sets the limit."
        )


class ExtractionCrashed(Invalid):
    type = "/problems/extraction-crashed"
    title = "The file broke its reader"

    def __init__(self) -> None:
        super().__init__("Reading it ended the process, repeatedly: it is damaged, or needs more memory than allowed.")


class ExtractionTooLarge(Invalid):
    type = "/problems/extraction-too-large"
    title = "The file unfolds into too much"

    def __init__(self) -> None:
        super().__init__("What is read out of it is larger than what may be kept of one file.")


class NothingToRetry(Conflict):
    type = "/problems/nothing-to-retry"
    title = "Nothing to try again"

    def __init__(self, document_id: str, status: str) -> None:
        super().__init__(
            f"Only a document that failed or was cancelled can be tried again; this one is {status}.",
            document_id=document_id,
            status_of=status,
        )


class NothingToCancel(Conflict):
    type = "/problems/nothing-to-cancel"
    title = "Nothing to cancel"

    def __init__(self, document_id: str, status: str) -> None:
        super().__init__(f"Nothing is under way; the document is {status}.", document_id=document_id, status_of=status)


class TooManyWaiting(TooMany):
    type = "/problems/too-many-waiting"
    title = "Too many documents are waiting"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"{limit:,} documents are waiting to be read; FOOTNOTE_TENANT_MAX_WAITING sets the limit.",
            limit=limit,
            retry_after=30,
        )


class QuotaReached(TooLarge):
    type = "/problems/quota-reached"
    title = "No room for more documents"

    def __init__(self, what: str, limit: int, setting: str) -> None:
        super().__init__(
            f"There is room for {limit:,} {what}; delete some first. {setting} sets the limit.", limit=limit
        )


class AdminsOnly(NotFound):
    type = "/problems/admins-only"
    title = "Not found"

    def __init__(self) -> None:
        super().__init__("There is nothing here that you may change.")


class NotTranscribed(Invalid):
    """Final, unlike what it comes from: trying again is of no use until somebody has set something up."""

    type = "/problems/not-transcribed"
    title = "Recordings are not heard here yet"
