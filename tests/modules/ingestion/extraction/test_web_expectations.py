"""What independent readers found in real web pages, books, subtitles and articles is found here, too."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.reading import read_file
from support.table_measure import Score, found_tables, measured, pipe_tables

from footnote.modules.ingestion.extraction import SUPPORTED, sniff
from footnote.modules.ingestion.extraction.errors import EmptyFile

# The least share of the expected text that is found, white space and punctuation aside, by the folder it is in.
# AsciiDoc and LaTeX are read as the plain text that they are, so some of their marks stand in between.
TOLERANCES = {
    "docling_html": 0.98,
    "docling_md": 0.98,
    "docling_webvtt": 0.99,
    "docling_epub": 0.99,
    "docling_asciidoc": 0.9,
    "docling_jats": 0.97,
    "docling_latex": 0.9,
}
# Lists the page's navigation, which is no part of what the page says; its article is measured.
ARTICLE = {"wiki_duck.html": "(Redirected from"}
# Expects the name of a kind of picture, which the words of the file are not.
UNMEASURED = {"signature_stamp_01.md"}
MAIL = {
    "docling_email/eml_simple.eml": "Hello Bob,\n\nThis is a simple email body.",
    "docling_email/eml_with_attachment.eml": "This email contains an attachment.\n\nBest regards,\nAlice",
    "docling_email/msg_simple.msg": "From: Alice Example <alice@example.com>\nTo: Bob Example <bob@example.com>",
    "docling_email/msg_with_attachment.msg": "Attachments: test.txt, report.pdf",
    "haystack/sample.msg": "This is an example email with a body.",
    "office_misc/fake-email.msg": "- Roses are red\n- Violets are blue",
    "office_misc/fake-email.eml": "Subject: Test Email",
    "office_misc/fake-email-attachment.eml": "Attachments: fake-attachment.txt",
    "office_misc/fake-encrypted.eml": "From: Michael Elkins <elkins@aero.org>",
}
TEXTS = {
    "haystack/doc_1.txt": "Some text for testing.\nTwo lines in here.",
    "haystack/doc_4": "text file with no extension",
    "haystack/json_conversion_testfile.json": "content: Content from a json file",
    "haystack/test_pipeline.yaml": "max_runs_per_component: 99",
    "haystack/what_is_haystack.html": "Haystack is the open source Python framework by deepset",
    "haystack/sample.md": "pip install",
    "office_misc/fake-text-utf-16.txt": "This is a test document to use for unit tests.",
    "office_misc/fake-text-utf-32.txt": "This is a test document to use for unit tests.",
    "office_misc/fake-doc.rtf": "My first paragraph.",
    "office_misc/fake-html.html": "| Row 2, Cell 1 | Row 2, Cell 2 |",
    "office_misc/factbook.xml": "| France | Paris | Emmanuel Macron | Soccer |",
    "office_misc/spring-weather.html.json": "text: News Around NOAA",
    "office_misc/winter-sports.epub": "THE SUN-SEEKER",
    "office_misc/example-steelJIS-datasheet-utf-16.html": "Chemical composition 成分 % of grade SNB22-3",
    "office_misc/ideas-page.html": "The way to get new ideas is to notice anomalies",
    "office_misc/UDHR_first_article_all.txt": "Alle Menschen sind frei und gleich an Würde und Rechten geboren.",
    "office_misc/README.md": "You can parse this document using the HTML parser.",
}
_LINK = re.compile(r"!?\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\((?:[^()]|\([^()]*\))*\)")
_PICTURE = re.compile(r"<!--.*?-->")
_SHINGLE = 12  # characters


def expectations(folder: Path) -> Iterator[tuple[Path, str]]:
    for entry in json.loads((folder / "manifest.json").read_text()):
        markdown = entry["expected"].get("expected_markdown")
        if markdown and entry["file"] not in UNMEASURED:
            start = ARTICLE.get(entry["file"], "")
            yield folder / entry["file"], _LINK.sub(r"\1", markdown[markdown.index(start) :])


def letters(text: str) -> str:
    """Letters and digits alone: where white space and marks stand is a matter of taste."""
    return "".join(re.findall(r"[^\W_]+", html.unescape(html.unescape(_PICTURE.sub("", text))).lower()))


def found(expected: str, text: str) -> float:
    """The share of the expected lines, weighed by their letters, whose pieces of 12 letters stand in `text`, too."""
    given = letters(text)
    lines = [wanted for line in expected.splitlines() if (wanted := letters(line))]
    return sum(_share(line, given) * len(line) for line in lines) / sum(map(len, lines))


def _share(wanted: str, given: str) -> float:
    pieces = {wanted[at : at + _SHINGLE] for at in range(max(1, len(wanted) - _SHINGLE + 1))}
    return sum(piece in given for piece in pieces) / len(pieces)


@pytest.mark.parametrize("folder", TOLERANCES)
def test_the_expected_text_is_found(shared_data: Path, folder: str) -> None:
    shares = {}
    for path, markdown in expectations(shared_data / "files" / folder):
        shares[path.name] = round(found(markdown, read_file(path, sniff(path, path.name)).text), 3)
    assert shares
    assert not {name: share for name, share in shares.items() if share < TOLERANCES[folder]}


@pytest.mark.parametrize("folder", ["docling_html", "docling_md", "docling_jats"])
def test_the_cells_of_the_expected_tables_are_in_place(shared_data: Path, folder: str) -> None:
    total = Score(0, 0)
    for path, markdown in expectations(shared_data / "files" / folder):
        read = read_file(path, sniff(path, path.name))
        total += measured(pipe_tables(markdown), found_tables(read))
    assert total.counted > 50
    assert total.share >= 0.9, total.misses


@pytest.mark.parametrize(("name", "words"), [*MAIL.items(), *TEXTS.items()])
def test_known_words_are_found(shared_data: Path, name: str, words: str) -> None:
    path = shared_data / "files" / name
    assert words in read_file(path, sniff(path, path.name)).text


def test_the_one_that_is_empty_says_so(shared_data: Path) -> None:
    path = shared_data / "files" / "office_misc" / "empty.txt"
    with pytest.raises(EmptyFile):
        sniff(path, path.name)


def test_every_file_that_is_no_sound_is_of_a_supported_kind(shared_data: Path) -> None:
    folders = [shared_data / "files" / folder for folder in (*TOLERANCES, "docling_email", "haystack", "office_misc")]
    files = [path for folder in folders for path in folder.iterdir() if path.stat().st_size]
    assert {path.name: kind for path in files if (kind := sniff(path, path.name)) not in SUPPORTED} == {}
