"""Real quarterly reports: what an answer cites stands on the page that it names."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

Ingest = Callable[..., dict[str, Any]]

QUESTIONS = [
    "What was NVIDIA's revenue in the third quarter of fiscal 2023?",
    "What does NVIDIA say about export controls?",
    "Why did gross margin decrease?",
]


@pytest.fixture(scope="module")
def report(shared_data: Path) -> Path:
    return shared_data / "retrieval" / "sec10q" / "files" / "2022 Q3 NVDA.pdf"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory, server_class: Any, report: Path, ingest: Ingest) -> Iterator[Any]:
    server = server_class(tmp_path_factory.mktemp("reports"))
    server.start()
    assert ingest(server, report.name, report.read_bytes())["status"] == "ready"
    yield server
    server.stop()


def letters(text: str) -> str:
    return re.sub(r"\W", "", text)


def page_letters(report: Path, number: int) -> str:
    document = pypdfium2.PdfDocument(report)
    try:
        return letters(document[number - 1].get_textpage().get_text_range())
    finally:
        document.close()


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_quotation_stands_on_the_page_that_it_names(reports: Any, report: Path, question: str) -> None:
    answer = reports.client.post("/api/v1/answers", json={"question": question}).json()
    assert answer["citations"]
    for citation in answer["citations"]:
        on_pages = "".join(page_letters(report, number) for number in citation["pages"])
        for line in citation["quote"].split("\n"):  # a footer may stand between two of them
            assert letters(line) in on_pages
        assert {box["page"] for box in citation["boxes"]} == set(citation["pages"])


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_quotation_is_the_documents_text_at_its_span(reports: Any, question: str) -> None:
    answer = reports.client.post("/api/v1/answers", json={"question": question}).json()
    text = reports.client.get(f"/api/v1/documents/{answer['citations'][0]['document_id']}/text").text
    for citation in answer["citations"]:
        assert text[citation["start"] : citation["end"]] == citation["quote"]
    for sentence in answer["sentences"]:
        assert answer["text"][sentence["start"] : sentence["end"]] == sentence["text"]


def test_a_page_comes_as_a_picture_with_the_words_marked(reports: Any) -> None:
    citation = reports.client.post("/api/v1/answers", json={"question": QUESTIONS[0]}).json()["citations"][0]
    page = f"/api/v1/documents/{citation['document_id']}/pages/{citation['pages'][0]}.png"
    plain = reports.client.get(page)
    marked = reports.client.get(page, params={"version": 1, "start": citation["start"], "end": citation["end"]})
    assert plain.headers["content-type"] == marked.headers["content-type"] == "image/png"
    assert plain.content != marked.content
