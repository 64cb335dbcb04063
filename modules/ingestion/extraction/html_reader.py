"""Reads the tree of a page into blocks."""

import re
from collections import deque
from collections.abc import Callable, Iterator

from lxml import etree, html

from footnote.modules.ingestion.extraction.composer import Composer
from footnote.modules.ingestion.extraction.html_elements import (
    INLINE,
    heading_level,
    is_unread,
    words_for_image,
    words_for_link,
)
from footnote.modules.ingestion.extraction.html_tables import PageTable, text_in
from footnote.modules.ingestion.extraction.numerals import numeral
from footnote.modules.ingestion.extraction.text import cut
from footnote.modules.ingestion.models import BlockKind

_UNSEEN = str.maketrans("", "", "\u00ad\u200b\u2060")
_BLANKS = re.compile(r"\s+")
_MAX_ROWS = 1000  # of one table, so that no part grows without bound
_LISTS = frozenset({"ul", "ol", "dl", "menu", "dir"})


class _List:
    """An open list, and the mark of its next item."""

    def __init__(self, element: html.HtmlElement) -> None:
        self._style = element.get("type", "1") if element.tag == "ol" else ""
        self._step = -1 if element.get("reversed") is not None else 1
        items = sum(child.tag == "li" for child in element) if self._step < 0 else 1
        self._number = _integer(element.get("start"), items)

    def mark(self, item: html.HtmlElement) -> str:
        if item.tag == "dt":
            return ""
        if not self._style:
            return "- "
        number = _integer(item.get("value"), self._number)
        self._number = number + self._step
        return f"{numeral(number, self._style)}. "


class Reader:
    """Walks the tree without recursion: pages nest as deep as they like."""

    def __init__(self, composer: Composer, left_out: frozenset[html.HtmlElement] = frozenset()) -> None:
        self._composer = composer
        self._left_out = left_out
        self._words: list[str] = []
        self._images: list[str] = []  # what stands for the pictures of a block, should it have no words
        self._rest: deque[tuple[str, BlockKind]] = deque()
        self._figure: tuple[html.HtmlElement | None, bool] = (None, False)
        self._heading = 0
        self._lists: list[_List] = []
        self._mark = ""  # of an item whose first words are still to come
        self._preformatted = 0
        self._starts: dict[str, Callable[[html.HtmlElement], None]] = {
            **dict.fromkeys(_LISTS, self._start_list),
            **dict.fromkeys(("li", "dt", "dd"), self._start_item),
            "pre": self._start_preformatted,
            "br": lambda _: self._words.append("\n"),
            "img": self._image,
        }
        self._ends: dict[str, Callable[[html.HtmlElement], None]] = {
            **dict.fromkeys(_LISTS, self._end_list),
            "pre": self._end_preformatted,
            "a": self._end_link,
            **dict.fromkeys(("li", "dt", "dd"), self._end_item),
        }

    def read(self, root: html.HtmlElement) -> Iterator[None]:
        """Pauses between blocks."""
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "end":
                self._end(element)
                yield
                yield from self._add_rest()
            elif is_unread(element) or element in self._left_out or self._is_formula(element):
                walk.skip_subtree()
            elif element.tag == "table" and (table := PageTable(element)).holds_values():
                walk.skip_subtree()
                yield from self._table(table)
            else:
                self._start(element)
                yield from self._add_rest()
        self._flush()
        yield from self._add_rest()

    def _add_rest(self) -> Iterator[None]:
        """What of a paragraph longer than a part is still to come."""
        while self._rest:
            yield
            self._composer.block(*self._rest.popleft())

    def _is_formula(self, element: html.HtmlElement) -> bool:
        if element.tag != "math":
            return False
        self._words.append(element.get("alttext") or text_in(element))
        return True

    def _table(self, table: PageTable) -> Iterator[None]:
        """A long one becomes several, each below the same heads."""
        self._flush()
        yield from self._add_rest()
        self._composer.block(table.caption)
        rows, headers = table.grid()
        heads = rows[:headers] if headers < _MAX_ROWS // 2 else []
        for start in range(len(heads), max(len(rows), len(heads) + 1), _MAX_ROWS):
            self._composer.grid([*heads, *rows[start : start + _MAX_ROWS]], headers=len(heads))
            yield

    def _start(self, element: html.HtmlElement) -> None:
        if element.tag not in INLINE and element.tag != "br":
            self._flush()
        self._heading = heading_level(element) or self._heading
        if start := self._starts.get(element.tag):
            start(element)
        self._add(element.text)

    def _end(self, element: html.HtmlElement) -> None:
        if isinstance(element.tag, str) and not is_unread(element) and element not in self._left_out:
            if end := self._ends.get(element.tag):
                end(element)
            elif element.tag not in INLINE and element.tag != "br":
                self._flush()
            if heading_level(element):
                self._heading = 0
        elif element in self._left_out:
            self._flush()
        self._add(element.tail)

    def _add(self, text: str | None) -> None:
        if text:
            text = text.translate(_UNSEEN)
            self._words.append(text if self._preformatted else _BLANKS.sub(" ", text))

    def _flush(self) -> None:
        """Ends the running block."""
        words = "".join(self._words)
        if not words.strip():
            words = " ".join(self._images)
        self._words, self._images = [], []
        if not words.strip():
            return
        if self._heading:
            self._composer.heading(words, self._heading)
        elif self._preformatted:
            self._composer.code(words)
        else:
            kind: BlockKind = "list_item" if self._lists else "paragraph"
            first, *rest = cut([self._mark + words.lstrip()])
            self._composer.block(first, kind)
            self._rest.extend((piece, kind) for piece in rest)
            self._mark = ""

    def _start_list(self, element: html.HtmlElement) -> None:
        self._lists.append(_List(element))

    def _end_list(self, element: html.HtmlElement) -> None:
        self._flush()
        if self._lists:
            self._lists.pop()

    def _start_item(self, element: html.HtmlElement) -> None:
        self._mark = self._lists[-1].mark(element) if self._lists else ""

    def _end_item(self, element: html.HtmlElement) -> None:
        self._flush()
        self._mark = ""

    def _start_preformatted(self, element: html.HtmlElement) -> None:
        self._preformatted += 1

    def _end_preformatted(self, element: html.HtmlElement) -> None:
        self._flush()
        self._preformatted -= 1

    def _end_link(self, element: html.HtmlElement) -> None:
        if not "".join(element.itertext()).strip() and next(element.iter("img"), None) is None:
            self._words.append(words_for_link(element))

    def _image(self, element: html.HtmlElement) -> None:
        words = words_for_image(element)
        if words and not self._has_caption(next(element.iterancestors("figure"), None)):
            self._images.append(words)

    def _has_caption(self, figure: html.HtmlElement | None) -> bool:
        """Kept for the last figure, which may hold very many pictures."""
        if figure is None:
            return False
        if self._figure[0] is not figure:
            self._figure = (figure, figure.find("figcaption") is not None)
        return self._figure[1]


def _integer(stated: str | None, otherwise: int) -> int:
    stated = (stated or "").strip()
    return int(stated) if stated.lstrip("-").isdecimal() and stated.count("-") < 2 and len(stated) < 10 else otherwise
