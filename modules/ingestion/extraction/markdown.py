"""Markdown to readable plain text: the words without the marks, headings, lists and tables kept."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from footnote.modules.ingestion.extraction.composer import Composer
from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.decoding import encoding_of, read_text
from footnote.modules.ingestion.extraction.html import compose
from footnote.modules.ingestion.extraction.kinds import MARKDOWN
from footnote.modules.ingestion.models import BlockKind, Extraction
from footnote.modules.ingestion.parts import joined

_PIECE = 500_000  # characters that are parsed at once
_MAX_NESTING = 100  # what lies deeper is left out
_FRONT_MATTER = re.compile(r"\A(---|\+\+\+)[ \t]*\n(?:.*?\n)??(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"^title[ \t]*[:=][ \t]*(.+)$", re.MULTILINE)
_NOTE = re.compile(r"^( {0,3})\[\^", re.MULTILINE)  # would pass for the target of a link
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_BREAKS = frozenset({"softbreak", "hardbreak"})
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def extract(path: Path, context: Context) -> Iterator[Extraction]:
    encoding = encoding_of(path)
    total, done = path.stat().st_size, 0
    for part in _parts(_pieces(read_text(path, encoding)), encoding.warnings):
        done += len(part.text)
        context.report(min(done, total), total)
        yield part


def read_markdown(source: str) -> Extraction:
    return joined(list(_parts([source], ())))


def _parts(pieces: Iterable[str], warnings: tuple[str, ...]) -> Iterator[Extraction]:
    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING}).enable(["table", "strikethrough"])
    composer = Composer()
    links: dict[str, Any] = {}  # what they lead to may be said in an earlier piece
    title: str | None = None
    is_first = True
    for piece in pieces:
        if is_first:
            title, piece = _without_settings(piece)
        reader = _Reader(composer)
        for token in parser.parse(_NOTE.sub(r"\1\\[^", piece), links):
            reader.take(token)
            if composer.is_full and reader.is_between:
                yield composer.build(MARKDOWN, title=title if is_first else None, warnings=warnings)
                warnings, is_first = (), False
    if is_first or not composer.is_empty:
        yield composer.build(MARKDOWN, title=title if is_first else None, warnings=warnings)


def _without_settings(text: str) -> tuple[str | None, str]:
    """The title in the settings that some tools keep at the top, and the text below them."""
    settings = _FRONT_MATTER.match(text)
    if settings is None:
        return None, text
    title = _TITLE.search(settings.group())
    return title.group(1).strip().strip("\"'") if title else None, text[settings.end() :]


def _pieces(texts: Iterable[str]) -> Iterator[str]:
    """The source cut at blank lines outside of code, so that none is much longer than `_PIECE`."""
    lines: list[str] = []
    length, fence, rest = 0, "", ""
    for text in texts:
        *complete, rest = (rest + text).split("\n")
        for line in complete:
            lines.append(line)
            length += len(line) + 1
            fence = _fence_after(line, fence)
            if length >= _PIECE and ((not line.strip() and not fence) or length >= 4 * _PIECE):
                yield "\n".join(lines) + "\n"
                lines, length = [], 0
    yield "\n".join([*lines, rest])


def _fence_after(line: str, fence: str) -> str:
    """The mark that ends the open code block, if there is one after `line`."""
    mark = _FENCE.match(line)
    if mark is None:
        return fence
    if not fence:
        return mark.group(1)
    return "" if mark.group(1).startswith(fence) else fence


class _Reader:
    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._marks: list[str] = []  # what stands before the next item of each open list
        self._pending = ""  # the mark of an item whose first words are still to come
        self._rows: list[list[str]] | None = None
        self._headers = 0
        self._heading = 0

    @property
    def is_between(self) -> bool:
        """No table, which must stay in one part, is open."""
        return self._rows is None

    def take(self, token: Token) -> None:
        match token.type:
            case "heading_open":
                self._heading = int(token.tag[1:])
            case "bullet_list_open":
                self._marks.append("- ")
            case "ordered_list_open":
                start = token.attrGet("start")
                self._marks.append(f"{1 if start is None else start}. ")
            case "bullet_list_close" | "ordered_list_close":
                self._marks.pop()
            case "list_item_open":
                self._pending = self._next_mark()
            case "list_item_close":
                self._pending = ""
            case "inline":
                self._inline("".join(_words(token.children or [])))
            case "fence" | "code_block":
                self._composer.code(token.content)
            case "html_block":
                compose(token.content, self._composer)
            case _:
                self._table(token.type)

    def _table(self, kind: str) -> None:
        match kind:
            case "table_open":
                self._rows, self._headers = [], 0
            case "tr_open" if self._rows is not None:
                self._rows.append([])
            case "thead_close" if self._rows is not None:
                self._headers = len(self._rows)
            case "table_close" if self._rows is not None:
                self._composer.table(self._rows, headers=self._headers)
                self._rows = None

    def _next_mark(self) -> str:
        mark = self._marks[-1]
        if mark[0].isdigit():
            self._marks[-1] = f"{int(mark[:-2]) + 1}. "
        return mark

    def _inline(self, words: str) -> None:
        if self._heading:
            self._composer.heading(words, self._heading)
            self._heading = 0
        elif self._rows is not None:
            self._rows[-1].append(words)
        else:
            kind: BlockKind = "list_item" if self._marks else "paragraph"
            self._composer.block(self._pending + words, kind)
            self._pending = ""


def _words(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in _BREAKS or (token.type == "html_inline" and _LINE_BREAK.fullmatch(token.content)):
            yield "\n"
        elif token.type == "image":
            yield "".join(_words(token.children or []))
        elif token.type in ("text", "code_inline"):
            yield token.content
