"""Which blocks of a PDF are headings: by its outline, by size, by weight."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from footnote.modules.ingestion.extraction.pdf_blocks import PdfBlock, plain

_LARGER = 1.15  # times the body's size
_MAX_WORDS = 25
_MAX_LINES = 4
_MAX_LEVEL = 6
_TELLING = 3  # outline titles found in the text that make the outline the authority
_FEW_PAGES = 3  # of a document in which a style need not come again
_EDGE = 2  # blocks at the top and the bottom of a page that may be a running header or footer
_NAMES = ("part", "chapter", "item", "article", "section", "note")  # the larger division first
_LABEL = re.compile(r"(?:(item|part|note|section|chapter|article) *)?(?:\d[\d.]*|[IVX]+)[A-Z]?[.:)]? ", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{2}")
_DIGITS = re.compile(r"\d+")

Pages = Sequence[Sequence[PdfBlock]]
Outline = dict[int, dict[str, int]]  # page index -> plain title -> level


def heading_levels(pages: Pages, outline: Outline) -> dict[int, int]:
    """Level, from 1, of each block that is a heading, by the block's `id()`."""
    candidates = _candidates(pages)
    stated = _stated(pages, outline)
    styles = _Styles(pages)
    if len(stated) >= _TELLING:
        deeper = min(max(stated.values()) + 1, _MAX_LEVEL)
        return {id(block): deeper for _, block in candidates if styles.is_larger(block)} | stated
    found = [(page, block) for page, block in candidates if styles.is_larger(block) or styles.stands_out(block)]
    return _ranked(found, styles, len(pages)) | stated


def _ranked(found: Sequence[tuple[int, PdfBlock]], styles: "_Styles", pages: int) -> dict[int, int]:
    """Levels by what headings call themselves, then by size. What one page alone has, a cover, ranks above nothing."""
    pages_of: dict[tuple[int, float], set[int]] = defaultdict(set)
    for page, block in found:
        pages_of[styles.rank(block)].add(page)
    lasting = sorted(rank for rank, on_pages in pages_of.items() if len(on_pages) > 1 or pages <= _FEW_PAGES)
    levels = {rank: min(level, _MAX_LEVEL) for level, rank in enumerate(lasting, 1)}
    return {id(block): levels.get(styles.rank(block), 1) for _, block in found}


class _Styles:
    """What is usual in this document, against which headings stand out."""

    def __init__(self, pages: Pages) -> None:
        sizes: Counter[float] = Counter()
        weights: Counter[bool] = Counter()
        for page in pages:
            for block in page:
                length = sum(len(word.text) for line in block.lines for word in line.words)
                sizes[_half(block.size)] += length
                weights[block.is_bold] += length
        self._body = sizes.most_common(1)[0][0] if sizes else 0.0
        self._bold_is_rare = weights[True] < 0.3 * weights.total()

    def is_larger(self, block: PdfBlock) -> bool:
        return block.size > _LARGER * self._body

    def stands_out(self, block: PdfBlock) -> bool:
        is_body_size = block.size > 0.9 * self._body
        return self._bold_is_rare and block.is_bold and is_body_size and not block.text.endswith((".", ",", ";", ":"))

    def rank(self, block: PdfBlock) -> tuple[int, float]:
        """Smaller for the more important; sizes a little apart are one style."""
        label = _LABEL.match(block.text)
        name = (label.group(1) or "").lower() if label else ""
        if name in _NAMES:
            return 0, _NAMES.index(name)
        return 1, -max(round(block.size / (self._body or 1), 1), 1.0)


def _half(size: float) -> float:
    return round(size * 2) / 2


def _candidates(pages: Pages) -> list[tuple[int, PdfBlock]]:
    """Blocks that could be headings, with the index of their page."""
    running = _running(pages)
    return [
        (index, block)
        for index, page in enumerate(pages)
        for block in page
        if _may_head(block) and _signature(block) not in running
    ]


def _may_head(block: PdfBlock) -> bool:
    text = block.text
    is_row = block.kind == "table_row" and (block.lines[0].cells > 2 or not _LABEL.match(text))
    is_short = len(block.lines) <= _MAX_LINES and len(text.split()) <= _MAX_WORDS
    return is_short and not is_row and _has_words(text)


def _has_words(text: str) -> bool:
    """A formula or a number has none."""
    characters = "".join(text.split())
    return _LETTERS.search(text) is not None and sum(map(str.isalpha, characters)) >= len(characters) / 2


def _running(pages: Pages) -> set[str]:
    """What stands at the edge of page after page, whatever its number."""
    at_edge = Counter(
        signature for page in pages for signature in {_signature(block) for block in (*page[:_EDGE], *page[-_EDGE:])}
    )
    often = max(3, len(pages) // 4)
    return {signature for signature, count in at_edge.items() if count >= often}


def _signature(block: PdfBlock) -> str:
    return _DIGITS.sub("#", block.text)


def _stated(pages: Pages, outline: Outline) -> dict[int, int]:
    return {
        id(block): min(titles[plain(block.text)], _MAX_LEVEL)
        for index, titles in outline.items()
        if index < len(pages)
        for block in pages[index]
        if plain(block.text) in titles
    }
