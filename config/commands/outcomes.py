"""What has come of watched files so far, said as it happens."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from rich.text import Text

from footnote.config.commands.console import printable, readable
from footnote.config.commands.files import DELETED, IngestReport, Refused
from footnote.config.commands.following import Followed
from footnote.modules.ingestion import Document
from footnote.platform.errors import FootnoteError

Say = Callable[[Text], None]


class Outcomes:
    def __init__(self, say: Say) -> None:
        self._say = say
        self._documents: dict[str, Document] = {}  # settled ones by id
        self._paths: dict[str, str] = {}  # where those came from
        self._refused: dict[str, Refused] = {}  # by path, or by where else it came from
        self._trouble = ""

    def note(self, line: str) -> None:
        self._say(Text(printable(line)))

    def refuse(self, path: Path | str, error: FootnoteError | OSError) -> None:
        """Said again only for another reason."""
        label = readable(str(path))
        refused = Refused.because(label, error)
        if self._refused.get(label) != refused:
            self._refused[label] = refused
            self._fail(label, refused.error)

    def accept(self, path: Path) -> None:
        """It was taken in, whatever was wrong with it before."""
        self._refused.pop(readable(str(path)), None)
        self._trouble = ""

    def settle(self, followed: Followed, document: Document | None) -> None:
        """What is ready is said only if it is news, what is not always."""
        if document is None:
            self._documents.pop(followed.document_id, None)
            self.refuse(followed.label, DELETED)
            return
        self._documents[document.id] = document
        self._paths[document.id] = followed.label
        if document.error is not None:
            self._fail(followed.label, document.error)
        elif followed.is_news:
            self.note(f"{document.status:9} {followed.label}{counted(document)}")

    def forget(self, path: Path, *, has_document: bool) -> None:
        """It vanished."""
        self._refused.pop(readable(str(path)), None)
        self.note(f"gone      {readable(str(path))}{' (its document stays)' if has_document else ''}")

    def wait(self, error: FootnoteError) -> None:
        """Something has to be tried again later; the same trouble is said once."""
        if error.detail != self._trouble:
            self._trouble = error.detail
            self.note(f"waiting   {error.title}. {error.detail}")

    def report(self, under_way: Iterable[Document]) -> IngestReport:
        documents = self._documents | {document.id: document for document in under_way}
        refused = tuple(self._refused.values())
        return IngestReport(documents=tuple(documents.values()), refused=refused, paths=self._paths)

    def _fail(self, label: str, problem: dict[str, Any]) -> None:
        self.note(f"failed    {label}: {problem['title']}. {problem['detail']}")


def counted(document: Document) -> str:
    """How much it is, as far as there is any."""
    version = [f"version {document.version}"] if document.version > 1 else []
    counts = ", ".join([*version, *number(document.pages, "page"), *number(document.chunks, "chunk")])
    return f" ({counts})" if counts else ""


def number(count: int, noun: str) -> list[str]:
    return [f"{count:,} {noun}{'s' if count > 1 else ''}"] if count else []
