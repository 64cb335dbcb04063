"""Paragraphs that go on in the next column or on the next page."""

from collections.abc import Sequence

from footnote.modules.ingestion.extraction.pdf_blocks import SENTENCE_END, PdfBlock
from footnote.modules.ingestion.extraction.pdf_page import PdfPage

_WORDS = 5  # from which a line alone may be the beginning of a paragraph


def join_continuations(pages: Sequence[PdfPage]) -> None:
    """Makes one block of the two; it stays with the page on which it starts."""
    last: PdfBlock | None = None
    for page in pages:
        kept = []
        for block in page.blocks:
            if last is not None and block.is_first and _goes_on(last, block):
                last.lines += block.lines
            else:
                kept.append(block)
                last = block
        page.blocks = kept
        if page.notes:
            last = None


def _goes_on(block: PdfBlock, new: PdfBlock) -> bool:
    if new.kind != "paragraph" or block.kind not in ("paragraph", "list_item"):
        return False
    if block.is_title or new.is_title or block.level or new.level:
        return False
    if new.is_bold != block.is_bold or abs(new.size - block.size) > 0.12 * max(new.size, block.size):
        return False
    last, line = block.lines[-1], new.lines[0]
    is_elsewhere = line.page != last.page or line.y0 < last.y0
    if not is_elsewhere or line.page > last.page + 1 or line.direction != last.direction:
        return False
    is_text = len(block.lines) > 1 or len(last.words) >= _WORDS
    is_cut = is_text and not SENTENCE_END.search(last.words[-1].text)
    return is_cut and _is_inside_a_sentence(line.words[0].text)


def _is_inside_a_sentence(text: str) -> bool:
    return text.lstrip("(\"'“‘«[")[:1].islower()
