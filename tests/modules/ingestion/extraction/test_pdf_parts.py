"""PDF: files of any length, in parts, and files that are out to break the reader."""

import contextlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas
from support.reading import read_file

from footnote.modules.ingestion.extraction import Context, extract
from footnote.modules.ingestion.extraction.errors import TooExpensive, Unreadable
from footnote.modules.ingestion.extraction.kinds import PDF
from footnote.modules.ingestion.models import Extraction

Draw = Callable[..., Path]


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 pages: a chapter begins on every tenth, and a section on the page after it."""
    path = tmp_path_factory.mktemp("long") / "long.pdf"
    canvas = Canvas(str(path), pagesize=(600, 800))
    for page in range(1, 301):
        canvas.setFont("Helvetica", 8)
        canvas.drawString(60, 770, "Annual report")
        canvas.drawString(290, 30, str(page))
        titles = {0: ("Chapter", 18), 1: ("Section", 14)}
        if page % 10 in titles:
            name, size = titles[page % 10]
            canvas.setFont("Helvetica", size)
            canvas.drawString(60, 740, f"{name} of {'abcdefghijklmnopqrstuvwxyzABCDEF'[page // 10]}")
        canvas.setFont("Helvetica", 10)
        for row in range(5):
            canvas.drawString(60, 700 - 12 * row, f"Row {row} of page {page} says something of its own.")
        canvas.showPage()
    canvas.save()
    return path


@pytest.fixture(scope="module")
def parts(long_file: Path) -> list[Extraction]:
    return list(extract(long_file, PDF, Context(long_file.parent)))


def test_a_long_file_comes_in_parts_of_a_few_pages(parts: list[Extraction]) -> None:
    numbers = [[page.number for page in part.layout.pages] for part in parts]
    assert [number for part in numbers for number in part] == list(range(1, 301))
    assert max(map(len, numbers)) <= 64


def test_dense_pages_make_shorter_parts(draw: Draw) -> None:
    def paint(canvas: Canvas) -> None:
        for page in range(8):
            canvas.setFont("Helvetica", 1)
            for row in range(200):
                canvas.drawString(20, 780 - 3 * row, f"{page} {row} and other things " * 10)
            canvas.showPage()

    path = draw(paint)
    parts = list(extract(path, PDF, Context(path.parent)))
    assert max(len(part.text) for part in parts) < 220_000
    assert len(parts) > 1


def test_levels_of_headings_are_the_same_in_all_parts(parts: list[Extraction]) -> None:
    levels = {
        (part.text[heading.start : heading.end].split()[0], heading.level)
        for part in parts
        for heading in part.layout.headings
    }
    assert levels == {("Chapter", 1), ("Section", 2)}


def test_no_part_has_running_headers_in_its_text(parts: list[Extraction]) -> None:
    for part in parts:
        furniture = [part.text[each.start : each.end] for each in part.layout.blocks if each.kind == "furniture"]
        assert furniture[0] == "Annual report"
        assert part.text.count("Annual report") == 1


def test_progress_is_told_page_by_page(long_file: Path) -> None:
    told: list[tuple[int, int]] = []
    context = Context(long_file.parent, report=lambda done, total: told.append((done, total)))
    first = next(extract(long_file, PDF, context))
    assert len(first.layout.pages) == 64
    assert told[0] == (1, 300)
    assert told == sorted(told)
    assert max(done for done, _ in told) < 200  # pages that are read before the first part goes out


def test_more_pages_than_allowed_are_too_much(long_file: Path) -> None:
    with pytest.raises(TooExpensive, match="300 pages"):
        read_file(long_file, PDF, max_pages=299)


@pytest.mark.parametrize(
    "box",
    ["[0 0 10000000 10000000]", "[0 0 0 0]", "[0 0 -600 -800]", "[600 800 0 0]", "[0 0 1e38 1e38]", "[nan 0 1 1]"],
)
@pytest.mark.parametrize("name", [b"/MediaBox", b"/CropBox"])
def test_absurd_pages_are_read_or_refused(draw: Draw, name: bytes, box: str) -> None:
    path = draw(lambda canvas: canvas.drawString(60, 700, "Words"), cropBox=(0, 0, 600, 800))
    content = path.read_bytes()
    at = content.index(b"/MediaBox")
    end = content.index(b"]", at) + 1
    path.write_bytes(content[:at] + name + b" " + box.encode() + content[end:])
    with contextlib.suppress(Unreadable):
        assert read_file(path, PDF).text == "Words"


def test_a_damaged_page_costs_only_itself(draw: Draw) -> None:
    def paint(canvas: Canvas) -> None:
        for page in range(3):
            canvas.drawString(60, 700, f"Words {page}")
            canvas.showPage()

    path = draw(paint)
    pages = re.findall(rb"\d+ 0 obj\n<<\n/Contents", path.read_bytes())
    path.write_bytes(path.read_bytes().replace(pages[1], pages[1].replace(b"<<", b"><", 1)))
    extraction = read_file(path, PDF)
    assert "Words 0" in extraction.text
    assert "Words 2" in extraction.text
    assert "2" in extraction.warnings[0]


def test_pages_that_contain_each_other_come_to_an_end(draw: Draw) -> None:
    path = draw(lambda canvas: canvas.drawString(60, 700, "Words"))
    content = path.read_bytes()
    kids = re.search(rb"/Kids \[ (\d+) 0 R \]", content)
    pages = re.search(rb"/Pages (\d+) 0 R", content)
    assert kids
    assert pages
    path.write_bytes(content.replace(kids.group(), b"/Kids [ %s 0 R ]" % pages.group(1)))
    with pytest.raises(Unreadable):
        read_file(path, PDF)


def broken(data: Path) -> Iterator[Path]:
    folder = data / "files" / "pdf_broken"
    names = (entry["file"] for entry in json.loads((folder / "manifest.json").read_text()))
    return (folder / name for name in names if (folder / name).is_file())


def test_every_broken_file_gives_text_or_a_reason(shared_data: Path) -> None:
    outcomes = {"text": 0, "reason": 0}
    for path in broken(shared_data):
        try:
            outcomes["text"] += bool(read_file(path, PDF).text)
        except Unreadable as error:
            outcomes["reason"] += error.detail.endswith(".")
    assert outcomes["text"] > 20
    assert outcomes["reason"] > 20
