"""Reads dataset folders: corpus, queries and judgements, each checked line by line."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from footnote.modules.evaluation.errors import InvalidDataset
from footnote.modules.evaluation.models import CorpusDocument, CorpusSize, Example, Query

CORPUS = "corpus.jsonl"
FILES = "files"
QUERIES = "queries.jsonl"
QRELS = "qrels.tsv"

Qrels = Mapping[str, Mapping[str, int]]  # query_id -> doc_id -> grade
T = TypeVar("T")


class CorpusRecord(msgspec.Struct, frozen=True):
    doc_id: str
    title: str = ""
    text: str = ""
    keywords: str | list[str] | None = None  # of its authors or cataloguers

    def content(self) -> str:
        """The text, or without one the title, and the keywords below it, so that spans of the text hold in it."""
        text = self.text if self.text.strip() else self.title
        keywords = self.keywords if isinstance(self.keywords, str) else ", ".join(self.keywords or ())
        return "\n\n".join(filter(None, (text, f"Keywords: {keywords}"))) if keywords.strip() else text


def dataset_name(folder: Path) -> str:
    return folder.resolve().name


def read_corpus(folder: Path) -> Iterator[CorpusDocument]:
    """The documents in the order of the dataset, one in memory at a time; `files/` goes before `corpus.jsonl`.

    Raises:
        InvalidDataset: There is neither, a line is not of the form, or two documents have one id.
    """
    files = folder / FILES
    return _read_files(files) if files.is_dir() else _read_records(folder / CORPUS)


def measure_corpus(folder: Path) -> CorpusSize:
    """Count the documents; as it reads them all, a wrong line is found before anything is ingested.

    Raises:
        InvalidDataset: as in `read_corpus`, or no document has content.
    """
    empty = [document.is_empty for document in read_corpus(folder)]
    if all(empty):
        raise InvalidDataset(folder, "there is no document with content in it")
    return CorpusSize(documents=empty.count(False), empty=empty.count(True))


def queries_path(folder: Path, chosen: Path | None) -> Path:
    """The file of queries: `chosen`, as given or else inside `folder`; without it the dataset's own."""
    if chosen is None:
        return folder / QUERIES
    return chosen if chosen.exists() else folder / chosen


def read_queries(path: Path, limit: int | None = None) -> list[Query]:
    """The first `limit` queries in the order of the file.

    Raises:
        InvalidDataset: There is no file or no query, a line is not of the form, or two queries have one id.
    """
    queries = list(_unique(path, _decoded(path, Query), "query_id"))
    if not queries:
        raise InvalidDataset(path, "there is no query in it")
    return queries[:limit]


def read_examples(path: Path) -> list[Example]:
    """In the order of the file.

    Raises:
        InvalidDataset: There is no file or no example, a line is not of the form, or two examples have one id.
    """
    examples = list(_unique(path, _decoded(path, Example), "id"))
    if not examples:
        raise InvalidDataset(path, "there is no example in it")
    return examples


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """The judgements by query and document.

    Raises:
        InvalidDataset: There is no file, a line is not `query_id, doc_id, grade`, or a pair is judged twice.
    """
    qrels: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        query_id, doc_id, grade = _judgement(path, number, line)
        if doc_id in qrels.setdefault(query_id, {}):
            raise InvalidDataset(path, f"query {query_id!r} judges document {doc_id!r} twice", line=number)
        qrels[query_id][doc_id] = grade
    return qrels


def read_optional_qrels(path: Path) -> dict[str, dict[str, int]]:
    return read_qrels(path) if path.exists() else {}


def _read_records(path: Path) -> Iterator[CorpusDocument]:
    for record in _unique(path, _decoded(path, CorpusRecord), "doc_id"):
        filename = f"{record.doc_id}.txt"
        title = record.title or None
        yield CorpusDocument(doc_id=record.doc_id, title=title, filename=filename, content=record.content())


def _read_files(folder: Path) -> Iterator[CorpusDocument]:
    stems: set[str] = set()
    for path in sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")):
        if path.stem in stems:
            raise InvalidDataset(path, f"another file has the document id {path.stem!r}")
        stems.add(path.stem)
        yield CorpusDocument(doc_id=path.stem, title=None, filename=path.name, content=path)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Number from 1 and content of each line that is not blank."""
    if not path.is_file():
        raise InvalidDataset(path, "there is no such file")
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield number, line


def _decoded(path: Path, kind: type[T]) -> Iterator[tuple[int, T]]:
    decoder = msgspec.json.Decoder(kind)
    for number, line in _lines(path):
        try:
            record = decoder.decode(line)
        except ValueError as error:  # also what invalid UTF-8 raises
            raise InvalidDataset(path, str(error), line=number) from error
        yield number, record


def _unique(path: Path, records: Iterable[tuple[int, T]], field: str) -> Iterator[T]:
    seen: set[str] = set()
    for number, record in records:
        value = getattr(record, field)
        if value in seen:
            raise InvalidDataset(path, f"{field} {value!r} stands there twice", line=number)
        seen.add(value)
        yield record


def _judgement(path: Path, number: int, line: bytes) -> tuple[str, str, int]:
    try:
        query_id, doc_id, grade = line.decode().rstrip("\r\n").split("\t")
        return query_id, doc_id, int(grade)
    except ValueError as error:
        reason = "expected a query id, a document id and a whole number, separated by tabs"
        raise InvalidDataset(path, reason, line=number) from error
