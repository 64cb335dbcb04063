from collections.abc import Callable
from pathlib import Path

import pytest

from footnote.modules.evaluation import InvalidDataset
from footnote.modules.evaluation.datasets import (
    measure_corpus,
    queries_path,
    read_corpus,
    read_optional_qrels,
    read_qrels,
    read_queries,
)
from footnote.modules.evaluation.models import CorpusSize, Span


def write(path: Path, *lines: str | bytes) -> Path:
    path.write_bytes(b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines))
    return path


def test_a_corpus_document_is_its_text(tmp_path: Path) -> None:
    write(tmp_path / "corpus.jsonl", '{"doc_id": "a", "title": "T", "text": " x ", "author": "unknown field"}')
    (document,) = read_corpus(tmp_path)
    assert (document.doc_id, document.title, document.content, document.filename) == ("a", "T", " x ", "a.txt")


def test_a_document_without_text_is_its_title(tmp_path: Path) -> None:
    write(tmp_path / "corpus.jsonl", '{"doc_id": "a", "title": "T", "text": ""}')
    assert [document.content for document in read_corpus(tmp_path)] == ["T"]


@pytest.mark.parametrize(
    ("keywords", "content"),
    [('"sorting, files"', "x\n\nKeywords: sorting, files"), ('["sorting", "files"]', "x\n\nKeywords: sorting, files")]
    + [(none, "x") for none in ('""', '" "', "[]", "null")],
)
def test_keywords_stand_below_the_text(tmp_path: Path, keywords: str, content: str) -> None:
    write(tmp_path / "corpus.jsonl", f'{{"doc_id": "a", "title": "T", "text": "x", "keywords": {keywords}}}')
    assert [document.content for document in read_corpus(tmp_path)] == [content]


def test_documents_without_anything_are_counted_apart(tmp_path: Path) -> None:
    write(tmp_path / "corpus.jsonl", '{"doc_id": "a", "text": "x"}', "", '{"doc_id": "b", "title": "", "text": " "}')
    assert measure_corpus(tmp_path) == CorpusSize(documents=1, empty=1)


def test_a_dataset_without_documents_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "corpus.jsonl", '{"doc_id": "b", "title": "", "text": " "}')
    with pytest.raises(InvalidDataset, match="no document with content"):
        measure_corpus(tmp_path)


def test_files_go_before_the_corpus_file(tmp_path: Path) -> None:
    write(tmp_path / "corpus.jsonl", '{"doc_id": "a", "text": "x"}')
    (tmp_path / "files").mkdir()
    for name in ("2022 Q3.v2.pdf", "b.txt", ".hidden"):
        write(tmp_path / "files" / name, "x")
    documents = list(read_corpus(tmp_path))
    assert [document.doc_id for document in documents] == ["2022 Q3.v2", "b"]
    assert [document.filename for document in documents] == ["2022 Q3.v2.pdf", "b.txt"]


def test_two_files_of_one_id_are_refused(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    write(tmp_path / "files" / "a.pdf", "x")
    write(tmp_path / "files" / "a.txt", "x")
    with pytest.raises(InvalidDataset, match=r"a\.txt: another file has the document id 'a'"):
        measure_corpus(tmp_path)


async def test_a_document_reads_as_bytes(tmp_path: Path) -> None:
    write(tmp_path / "corpus.jsonl", '{"doc_id": "a", "text": "é"}')
    (text,) = read_corpus(tmp_path)
    (tmp_path / "files").mkdir()
    write(tmp_path / "files" / "b.bin", b"\x00\xff")
    (file,) = read_corpus(tmp_path)
    assert [[block async for block in document.read()] for document in (text, file)] == [[b"\xc3\xa9"], [b"\x00\xff\n"]]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"doc_id": 7}', r"Expected `str`, got `int` - at `\$.doc_id`"),
        ('{"text": "x"}', "missing required field `doc_id`"),
        ('{"doc_id": "b"', "truncated"),
        (b'{"doc_id": "\xff"}', "can't decode byte 0xff"),
        ('{"doc_id": "a"}', "doc_id 'a' stands there twice"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str | bytes, reason: str) -> None:
    write(tmp_path / "corpus.jsonl", '{"doc_id": "a"}', "", line)
    with pytest.raises(InvalidDataset, match=rf"corpus\.jsonl, line 3: .*{reason}") as caught:
        list(read_corpus(tmp_path))
    assert caught.value.extensions == {"path": str(tmp_path / "corpus.jsonl"), "line": 3}


@pytest.mark.parametrize(
    ("read", "name"),
    [(measure_corpus, "corpus.jsonl"), (lambda folder: read_queries(folder / "queries.jsonl"), "queries.jsonl")],
)
def test_a_missing_file_is_named(tmp_path: Path, read: Callable[[Path], object], name: str) -> None:
    with pytest.raises(InvalidDataset, match=f"{name}: there is no such file"):
        read(tmp_path)


def test_queries_keep_their_order_up_to_a_limit(tmp_path: Path) -> None:
    path = write(tmp_path / "q.jsonl", *(f'{{"query_id": "{n}", "text": "?"}}' for n in (3, 1, 2)))
    assert [query.query_id for query in read_queries(path, limit=2)] == ["3", "1"]


def test_evidence_comes_in_either_form(tmp_path: Path) -> None:
    line = (
        '{"query_id": "1", "text": "?", "spans": [{"text": "x", "start": 1, "end": 2}], "evidence_span": {"start": 0, '
        '"end": 9}}'
    )
    (query,) = read_queries(write(tmp_path / "q.jsonl", line))
    assert query.evidence == (Span(start=1, end=2), Span(start=0, end=9))


@pytest.mark.parametrize("span", ['{"start": 2, "end": 2}', '{"start": -1, "end": 2}'])
def test_an_impossible_span_is_refused(tmp_path: Path, span: str) -> None:
    path = write(tmp_path / "q.jsonl", f'{{"query_id": "1", "text": "?", "evidence_span": {span}}}')
    with pytest.raises(InvalidDataset, match="line 1: a span needs 0 <= start < end"):
        read_queries(path)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [('"answers": ["x"]', True), ('"answers": ["x"], "answerable": false', False), ('"answers": []', None)],
)
def test_gold_answers_make_a_question_answerable(tmp_path: Path, fields: str, expected: bool | None) -> None:
    (query,) = read_queries(write(tmp_path / "q.jsonl", f'{{"query_id": "1", "text": "?", {fields}}}'))
    assert query.is_answerable is expected


def test_a_file_without_queries_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidDataset, match="there is no query in it"):
        read_queries(write(tmp_path / "q.jsonl", ""))


def test_chosen_queries_may_stand_inside_the_dataset(tmp_path: Path) -> None:
    elsewhere = write(tmp_path / "mine.jsonl", "")
    dataset = tmp_path / "dataset"
    assert queries_path(dataset, None) == dataset / "queries.jsonl"
    assert queries_path(dataset, elsewhere) == elsewhere
    assert queries_path(dataset, Path("sample.jsonl")) == dataset / "sample.jsonl"


def test_judgements_are_read_by_query(tmp_path: Path) -> None:
    path = write(tmp_path / "qrels.tsv", "q\ta b\t2", "q\tc\t0\r", "p\tc\t1")
    assert read_qrels(path) == {"q": {"a b": 2, "c": 0}, "p": {"c": 1}}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("query-id\tcorpus-id\tscore", "expected a query id, a document id and a whole number"),
        ("q\tb", "expected a query id, a document id and a whole number"),
        (b"q\t\xff\t1", "expected a query id, a document id and a whole number"),
        ("q\ta\t1", "query 'q' judges document 'a' twice"),
    ],
)
def test_a_wrong_judgement_is_named(tmp_path: Path, line: str | bytes, reason: str) -> None:
    path = write(tmp_path / "qrels.tsv", "q\ta\t1", line)
    with pytest.raises(InvalidDataset, match=f"qrels.tsv, line 2: {reason}"):
        read_qrels(path)


def test_answers_need_no_judgements(tmp_path: Path) -> None:
    assert read_optional_qrels(tmp_path / "qrels.tsv") == {}


@pytest.mark.parametrize("name", ["retrieval/cranfield", "retrieval/cacm", "retrieval/sec10q", "answers/qed"])
def test_real_datasets_read(shared_data: Path, name: str) -> None:
    folder = shared_data / name
    assert measure_corpus(folder).documents > 0
    assert read_queries(folder / "queries.jsonl")
    assert read_qrels(folder / "qrels.tsv")


def test_real_gold_spans_stand_in_the_text(shared_data: Path) -> None:
    folder = shared_data / "answers" / "squad2-a"
    texts = {document.doc_id: str(document.content) for document in read_corpus(folder)}
    for query in read_queries(folder / "queries.sample600.jsonl"):
        found = {texts[str(query.gold_passage_id)][span.start : span.end] for span in query.spans}
        assert found <= set(query.answers)
