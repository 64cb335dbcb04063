"""PDF with a text layer: canonical text in reading order, and the place of every word."""

import contextlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.errors import DamagedFile, PasswordProtected, TooExpensive
from footnote.modules.ingestion.extraction.pdf_blocks import page_blocks, plain
from footnote.modules.ingestion.extraction.pdf_furniture import AHEAD, Furniture
from footnote.modules.ingestion.extraction.pdf_headings import Headings, Outline
from footnote.modules.ingestion.extraction.pdf_hyphens import Hyphens
from footnote.modules.ingestion.extraction.pdf_joining import join_continuations
from footnote.modules.ingestion.extraction.pdf_page import PdfPage, read_page
from footnote.modules.ingestion.extraction.pdf_text import PdfComposer
from footnote.modules.ingestion.models import Extraction

_PART = 64  # pages
_PART_LENGTH = 200_000  # characters
_FIRST = 2 * _PART  # pages that are read before the first part goes out: they tell what headings look like
_SAMPLE = 32  # pages at most, from behind those, that tell it too
_REOPEN = 256  # pages after which PDFium forgets what it keeps of them
# Names of nothing, of programs' defaults and of files.
_NO_TITLE = re.compile(
    r"untitled|(?:word |powerpoint )?(?:document|presentation) ?\d*$|.*\.\w{2,5}$|.*[/\\]|(?=\S+$)[^_\d-]*[_\d-]",
    re.IGNORECASE,
)
_PROGRAM = re.compile(r"^Microsoft (?:Word|PowerPoint|Excel) - ")
_TAIL = 4096  # bytes in which a PDF says that it ends


def extract(path: Path, context: Context) -> Iterator[Extraction]:
    with open_pdf(path) as document:
        count, outline, title = len(document), _outline(document), _title(document)
    if count > context.options.max_pages:
        raise TooExpensive(f"The PDF has {count:,} pages; {context.options.max_pages:,} are the most that are read.")
    about = list(_cut_short(path))
    is_of_use, problem = False, None
    for pages, hyphens in _parts(path, count, outline, context):
        part = PdfComposer(hyphens).extraction(pages, title=title, warnings=(*about, *_warnings(pages)))
        is_of_use = is_of_use or bool(part.text)
        problem = problem or next((page.problem for page in pages if page.problem), None)
        yield part
        about = []
    if problem and not is_of_use:
        raise problem


def _parts(path: Path, count: int, outline: Outline, context: Context) -> Iterator[tuple[Sequence[PdfPage], Hyphens]]:
    """Finished pages, and what mends the words on them."""
    furniture, headings = Furniture(), None
    for pages, ahead in _windows(_pages(path, range(1, count + 1), context, lambda number: number)):
        _build_blocks(pages, ahead, furniture, outline)
        if headings is None:
            sample = list(_pages(path, _sampled(count), context, lambda _: _FIRST + AHEAD))
            _build_blocks(sample, (), Furniture(), outline)
            headings = Headings([*pages, *sample], outline)
        hyphens = Hyphens(word.text for page in pages for flow in page.flows for line in flow for word in line.words)
        for part in _cut(pages):
            for page in part:
                headings.mark(page)
            join_continuations(part)
            yield part, hyphens


def _cut(pages: Sequence[PdfPage]) -> Iterator[Sequence[PdfPage]]:
    """Runs of pages that are not too long to hold at once, with all that is made of them."""
    start = length = 0
    for index, page in enumerate(pages):
        added = sum(len(word.text) + 1 for flow in page.flows for line in flow for word in line.words)
        if index > start and (index - start == _PART or length + added > _PART_LENGTH):
            yield pages[start:index]
            start, length = index, 0
        length += added
    yield pages[start:]


def _pages(path: Path, numbers: Sequence[int], context: Context, done: Callable[[int], int]) -> Iterator[PdfPage]:
    """`done` tells how far the work is once the page of that number is read."""
    for start in range(0, len(numbers), _REOPEN):
        with open_pdf(path) as document:
            if document.get_formtype() != raw.FORMTYPE_NONE:
                document.init_forms()
            for number in numbers[start : start + _REOPEN]:
                yield read_page(document, number, context)
                context.report(done(number), len(document))


def _sampled(count: int) -> range:
    """Numbers of pages spread over those behind the first ones."""
    rest = count - _FIRST
    return range(_FIRST + 1, count + 1, max(rest // min(_SAMPLE, rest // 4), 1)) if rest >= 4 else range(0)


def _windows(pages: Iterable[PdfPage]) -> Iterator[tuple[list[PdfPage], list[PdfPage]]]:
    """Pages to work on, and a few that come next."""
    held: list[PdfPage] = []
    size = _FIRST
    for page in pages:
        held.append(page)
        if len(held) == size + AHEAD:
            yield held[:size], held[size:]
            held, size = held[size:], _PART
    if held:
        yield held, []


def _build_blocks(pages: Sequence[PdfPage], ahead: Sequence[PdfPage], furniture: Furniture, outline: Outline) -> None:
    furniture.take(pages, ahead)
    for page in pages:
        page.blocks = list(page_blocks(page.flows, outline.get(page.number, ())))


@contextlib.contextmanager
def open_pdf(path: Path) -> Iterator[pdfium.PdfDocument]:
    """
    Raises:
        PasswordProtected: It opens only with a password.
        DamagedFile: It does not open at all.
    """
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise PasswordProtected("The PDF opens only with a password. Upload a copy without one.") from None
        raise DamagedFile("The PDF is damaged or cut short, and cannot be opened.") from None
    with contextlib.closing(document):
        if not len(document):
            raise DamagedFile("The PDF is damaged: it has no pages.")
        yield document


def _outline(document: pdfium.PdfDocument) -> Outline:
    outline: dict[int, dict[str, int]] = defaultdict(dict)
    for entry in document.get_toc():
        target = entry.get_dest()
        index = target.get_index() if target else None
        if index is not None and (title := plain(entry.get_title())):
            outline[index + 1].setdefault(title, entry.level + 1)
    return dict(outline)


def _title(document: pdfium.PdfDocument) -> str | None:
    title = _PROGRAM.sub("", " ".join(document.get_metadata_value("Title").split()))
    letters = sum(map(str.isalpha, title))
    is_sensible = letters >= 3 and letters > len(title) / 2 and not _NO_TITLE.match(title)
    return title if is_sensible else None


def _cut_short(path: Path) -> Iterator[str]:
    """Some files open without their end, and lack the pages that were there."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        if b"%%EOF" not in file.read():
            yield "The PDF has no proper end; pages may be missing."


def _warnings(pages: Iterable[PdfPage]) -> Iterator[str]:
    numbers: dict[str, list[int]] = defaultdict(list)
    for page in pages:
        if page.problem:
            numbers[f"Pages whose pictures were not read: {{}}. {page.problem.detail}"].append(page.number)
        elif not page.is_readable:
            numbers["Pages that are damaged: {}."].append(page.number)
        elif not (page.blocks or page.notes or page.furniture):
            numbers["Pages without text: {}."].append(page.number)
    yield from (message.replace("{}", _ranges(on)) for message, on in numbers.items())


def _ranges(numbers: Sequence[int]) -> str:
    """`1-3, 5`."""
    runs = [list(run) for _, run in groupby(enumerate(numbers), lambda each: each[1] - each[0])]
    return ", ".join(str(run[0][1]) if len(run) == 1 else f"{run[0][1]}-{run[-1][1]}" for run in runs)
