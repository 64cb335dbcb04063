"""Markdown to readable plain text: the words without the marks, headings and tables kept."""

from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from footnote.modules.ingestion.extraction.composer import Composer
from footnote.modules.ingestion.extraction.decoding import decode
from footnote.modules.ingestion.extraction.html import text_of
from footnote.modules.ingestion.extraction.sniff import MARKDOWN
from footnote.modules.ingestion.models import BlockKind, Extraction

_FRONT_MATTER = "---\n"
_BREAKS = frozenset({"softbreak", "hardbreak"})


def extract(path: Path) -> Extraction:
    source, warnings = decode(path.read_bytes())
    return read_markdown(source, warnings)


def read_markdown(source: str, warnings: tuple[str, ...] = ()) -> Extraction:
    composer = Composer()
    _Reader(composer).read(MarkdownIt("commonmark").enable("table").parse(_body(source)))
    return composer.build(MARKDOWN, warnings=warnings)


def _body(text: str) -> str:
    """`text` without the settings that some tools keep between two lines of dashes at its top."""
    if not text.startswith(_FRONT_MATTER):
        return text
    _, found, body = text[len(_FRONT_MATTER) :].partition("\n" + _FRONT_MATTER)
    return body if found else text


class _Reader:
    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._marks: list[str] = []  # what stands before the next item of each open list
        self._pending = ""  # the mark of an item whose first words are still to come
        self._cells: list[str] | None = None
        self._row_kind: BlockKind = "table_row"
        self._heading = 0

    def read(self, tokens: list[Token]) -> None:
        for token in tokens:
            self._block(token)

    def _block(self, token: Token) -> None:
        match token.type:
            case "heading_open":
                self._heading = int(token.tag[1:])
            case "bullet_list_open":
                self._marks.append("- ")
            case "ordered_list_open":
                self._marks.append(f"{token.attrGet('start') or 1}. ")
            case "bullet_list_close" | "ordered_list_close":
                self._marks.pop()
            case "list_item_open":
                self._pending = self._next_mark()
            case "thead_open" | "thead_close":
                self._row_kind = "table_header" if token.type == "thead_open" else "table_row"
            case "tr_open":
                self._cells = []
            case "tr_close":
                self._row()
            case "inline":
                self._inline("".join(_words(token.children or [])), token)
            case "fence" | "code_block":
                self._composer.code(token.content)
            case "html_block":
                self._composer.block(text_of(token.content))

    def _next_mark(self) -> str:
        mark = self._marks[-1]
        if mark[0].isdigit():
            self._marks[-1] = f"{int(mark[:-2]) + 1}. "
        return mark

    def _row(self) -> None:
        self._composer.row(self._cells or [], self._row_kind)
        self._cells = None

    def _inline(self, words: str, token: Token) -> None:
        if self._heading:
            self._composer.heading(words, self._heading)
            self._heading = 0
        elif self._cells is not None:
            self._cells.append(words)
        else:
            kind: BlockKind = "list_item" if self._marks else "paragraph"
            self._composer.block(self._pending + words, kind)
            self._pending = ""


def _words(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in _BREAKS:
            yield "\n"
        elif token.type == "image":
            yield "".join(_words(token.children or []))
        elif token.type in ("text", "code_inline"):
            yield token.content
