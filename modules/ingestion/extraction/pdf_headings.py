"""Which blocks of a PDF are headings: by its outline, by size, by weight."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from footnote.modules.ingestion.extraction.pdf_blocks import PdfBlock, plain
from footnote.modules.ingestion.extraction.pdf_page import PdfPage

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

Pages = Sequence[Sequence[PdfBlock]]
Titles = Mapping[str, int]  # plain title -> level, of an outline's entries for one page
Outline = Mapping[int, Titles]  # by the page's number


class Headings:
    """The rules of one document, drawn from a sample of its pages, by which headings of all of them are found."""

    def __init__(self, sample: Sequence[PdfPage], outline: Outline) -> None:
        pages = [page.blocks for page in sample]
        self._outline = outline
        self._running = _running(pages)
        self._styles = _Styles(pages)
        self._lasting = self._lasting_ranks(pages)
        stated = [level for page in sample for block in page.blocks if (level := self._stated(page, block))]
        self._below_outline = min(max(stated) + 1, _MAX_LEVEL) if len(stated) >= _TELLING else None

    def mark(self, page: PdfPage) -> None:
        """Sets the level of the blocks that are headings."""
        for block in page.blocks:
            block.level = self._stated(page, block) or self._level(block)

    def _stated(self, page: PdfPage, block: PdfBlock) -> int | None:
        titles = self._outline.get(page.number)
        level = titles.get(plain(block.text)) if titles and len(block.lines) <= _MAX_LINES else None
        return min(level, _MAX_LEVEL) if level else None

    def _level(self, block: PdfBlock) -> int | None:
        if not self._heads(block):
            return None
        if self._below_outline:
            return self._below_outline if self._styles.is_larger(block) else None
        return min(bisect_left(self._lasting, self._styles.rank(block)) + 1, _MAX_LEVEL)

    def _heads(self, block: PdfBlock) -> bool:
        is_set_off = self._styles.is_larger(block) or self._styles.stands_out(block)
        return is_set_off and _may_head(block) and block.text not in self._running

    def _lasting_ranks(self, pages: Pages) -> list[tuple[int, float]]:
        """From the most important; what one page alone has, a cover, ranks above nothing."""
        pages_of: dict[tuple[int, float], set[int]] = defaultdict(set)
        for index, page in enumerate(pages):
            for block in page:
                if self._heads(block):
                    pages_of[self._styles.rank(block)].add(index)
        return sorted(rank for rank, of in pages_of.items() if len(of) > 1 or len(pages) <= _FEW_PAGES)


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
    """What stands at the edge of page after page, but not always in the same place."""
    at_edge = Counter(text for page in pages for text in {block.text for block in (*page[:_EDGE], *page[-_EDGE:])})
    often = max(3, len(pages) // 4)
    return {text for text, count in at_edge.items() if count >= often}
