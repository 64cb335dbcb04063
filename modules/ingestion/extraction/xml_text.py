"""XML: articles (JATS, DocBook and their like) as documents, and files of records as what they list."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from footnote.modules.ingestion.extraction.composer import Composer, on_one_line
from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.errors import DamagedFile, TooExpensive
from footnote.modules.ingestion.extraction.html_tables import PageTable
from footnote.modules.ingestion.extraction.json_stream import Value
from footnote.modules.ingestion.extraction.json_text import Writer
from footnote.modules.ingestion.extraction.kinds import XML
from footnote.modules.ingestion.models import BlockKind, Extraction

_MAX_ATTRIBUTES = 1000  # of one element; to list more takes longer than they are worth
_MAX_BYTES = 128 << 20  # it is held as a tree
_ARTICLE = frozenset({"p", "para", "simpara", "sec", "section", "chapter", "body", "abstract"})
_SECTION_TAGS = """
    sec section chapter app part appendix ref-list abstract ack fn-group sect1 sect2 sect3 sect4 sect5
"""
_UNREAD_TAGS = """
    journal-meta article-id article-categories pub-date pub-date-not-available volume issue issue-id fpage lpage
    elocation-id history permissions self-uri counts object-id custom-meta-group award-group contrib-id pub-id
    processing-meta related-object related-article author-notes style script email
"""
_BLOCK_TAGS = """
    table-wrap fig list disp-formula boxed-text disp-quote itemizedlist orderedlist informaltable table mediaobject
    figure supplementary-material
"""
_SECTIONS, _UNREAD, _BLOCKS = (frozenset(tags.split()) for tags in (_SECTION_TAGS, _UNREAD_TAGS, _BLOCK_TAGS))
_TITLES = frozenset({"title", "article-title", "book-title", "subtitle"})
_WHOLE = frozenset({"name", "ref", "aff", "biblioentry", "fn", "corresp", "disp-formula", "kwd-group"})


def extract(path: Path, context: Context) -> Iterator[Extraction]:
    if path.stat().st_size > _MAX_BYTES:
        raise TooExpensive(f"The file is larger than {_MAX_BYTES >> 20} MiB. Split it and upload the pieces.")
    try:
        root = etree.fromstring(path.read_bytes(), _parser())
    except etree.XMLSyntaxError as error:
        raise DamagedFile(f"The file is not valid XML: {error}. Correct it and upload it again.") from error
    _forget_namespaces(root)
    is_article = any(element.tag in _ARTICLE for element in root.iter())
    reader = _Article() if is_article else _Records()
    title = None
    for number, _ in enumerate(reader.read(root)):
        if reader.composer.is_full:
            context.report(number, number + 1)
            title, stated = "", title if title is not None else _title(root)
            yield reader.composer.build(XML, title=stated)
    yield reader.composer.build(XML, title=_title(root) if title is None else None)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )


def _forget_namespaces(root: etree._Element) -> None:
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = etree.QName(element).localname


def _title(root: etree._Element) -> str | None:
    for place in (".//front//article-title", "./title", "./info/title", "./bookinfo/title", "./articleinfo/title"):
        element = root.find(place)
        if element is not None:
            return _words(element)
    return None


class _Records:
    """Elements without text of their own are like the objects of JSON, and are written like them."""

    def __init__(self) -> None:
        self._writer = Writer()
        self.composer = self._writer.composer

    def read(self, root: etree._Element) -> Iterator[None]:
        return self._writer.write(Value((root.tag,), content) for content in (_content(root),))


def _content(root: etree._Element) -> Any:
    """Built from the leaves up, for the tree may be deep."""
    built: dict[etree._Element, Any] = {}
    for _, element in etree.iterwalk(root, events=("end",)):
        if not isinstance(element.tag, str):
            continue
        children = [child for child in element if child in built]
        is_swarm = len(element.attrib) > _MAX_ATTRIBUTES
        stated = {} if is_swarm else {f"@{name}": value for name, value in element.attrib.items()}
        text = on_one_line(" ".join([element.text or "", *(child.tail or "" for child in element)]))
        if not children and not stated:
            built[element] = text
            continue
        members: dict[str, Any] = {**stated, **({"text": text} if text else {})}
        counts = Counter(child.tag for child in children)
        for child in children:
            inner = built.pop(child)
            if counts[child.tag] > 1:
                members.setdefault(child.tag, []).append(inner)
            else:
                members[child.tag] = inner
        built[element] = members
    return built.get(root, "")


class _Article:
    def __init__(self) -> None:
        self.composer = Composer()

    def read(self, root: etree._Element) -> Iterator[None]:
        """Pauses between blocks."""
        walk = etree.iterwalk(root, events=("start", "end"))
        depth = 0
        for event, element in walk:
            depth += (1 if event == "start" else -1) * (element.tag in _SECTIONS)
            if event == "end":
                continue
            if not isinstance(element.tag, str) or element.tag in _UNREAD:
                depth -= element.tag in _SECTIONS
                walk.skip_subtree()
            elif element.tag == "abstract" and element.find("title") is None:
                self.composer.heading("Abstract", depth + 1)
            elif self._take(element, depth):
                walk.skip_subtree()
            yield

    def _take(self, element: etree._Element, depth: int) -> bool:
        """Adds an element that reads as one; False if it only holds others."""
        if element.tag == "label" and _is_headline(element.getnext()):
            return True
        if element.tag in _TITLES:
            self.composer.heading(_labelled(element), depth + 1)
        elif element.tag == "table":
            self._table(element)
        elif element.tag == "contrib-group":
            names = (_words(name) for name in element.iter("name", "string-name", "collab"))
            self.composer.block(", ".join(filter(None, names)))
            self.composer.block("; ".join(_words(place) for place in element.iter("aff")))
        elif element.tag == "caption" or element.tag in _WHOLE or _has_words(element):
            self._paragraph(element)
        else:
            return False
        return True

    def _table(self, element: etree._Element) -> None:
        table = PageTable(element)
        if table.holds_values():
            rows, headers = table.grid()
            self.composer.grid(rows, headers=headers)
        else:
            self.composer.block(_words(element))

    def _paragraph(self, element: etree._Element) -> None:
        """Its words, and after them what stands in it as a block of its own."""
        inner = [block for block in element.iter(*_BLOCKS) if block is not element] if element.tag not in _WHOLE else []
        is_item = any(above.tag in ("list-item", "listitem") for above in element.iterancestors())
        kind: BlockKind = "list_item" if is_item else "paragraph"
        self.composer.block(("- " if is_item else "") + _labelled(element, leave=_BLOCKS), kind)
        for block in inner:
            if not any(above in inner for above in block.iterancestors()):
                self._block(block)

    def _block(self, block: etree._Element) -> None:
        for table in block.iter("table"):
            caption = " ".join(_words(part) for part in block.iter("label", "caption"))
            self.composer.block(caption)
            self._table(table)
            return
        items = list(block.iter("list-item", "listitem"))
        for item in items:
            self.composer.block("- " + _words(item), "list_item")
        if not items:
            self.composer.block(_words(block))


def _is_headline(element: etree._Element | None) -> bool:
    return element is not None and (element.tag in _TITLES or element.tag == "caption")


def _labelled(element: etree._Element, leave: frozenset[str] = frozenset()) -> str:
    """Its words after the number that stands before it."""
    before = element.getprevious()
    has_label = _is_headline(element) and before is not None and before.tag == "label"
    return f"{_words(before) if has_label and before is not None else ''} {_words(element, leave)}".strip()


def _formula(element: etree._Element) -> str:
    """The formula itself, without what TeX wants to have around it; nothing if it is also there in MathML."""
    parent = element.getparent()
    if parent is not None and parent.find("math") is not None:
        return ""
    body = (element.text or "").partition(r"\begin{document}")[2].partition(r"\end{document}")[0]
    return body or element.text or ""


def _has_words(element: etree._Element) -> bool:
    pieces: Iterable[str | None] = (element.text, *(child.tail for child in element))
    return any(piece and not piece.isspace() for piece in pieces)


def _words(element: etree._Element, leave: frozenset[str] = frozenset()) -> str:
    if element.tag == "name" and element.find("surname") is not None:
        return on_one_line(f"{element.findtext('given-names') or ''} {element.findtext('surname')}")
    words: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    is_mixed = [_has_words(element)]
    for event, inner in walk:
        if event == "end":
            if inner is not element:
                is_mixed.pop()
                words += (inner.tail or "", "" if is_mixed[-1] else " ")
            continue
        if inner is not element:
            is_mixed.append(_has_words(inner))
        if not isinstance(inner.tag, str) or inner.tag in _UNREAD or (inner is not element and inner.tag in leave):
            walk.skip_subtree()
        else:
            words.append(_formula(inner) if inner.tag == "tex-math" else inner.text or "")
    return on_one_line("".join(words))
