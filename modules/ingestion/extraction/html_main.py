"""Finds what stands around the content of a page: navigation, banners, footers, notes about cookies."""

import re
from dataclasses import dataclass

from lxml import etree, html

from footnote.modules.ingestion.extraction.html_elements import is_unread

_TAGS = frozenset({"nav", "footer", "header", "aside"})
_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "dialog", "alertdialog"}
)
_EVERYWHERE = frozenset({"nav", "navigation", "menu", "menubar", "search", "dialog", "alertdialog"})
_MAIN = frozenset({"main", "article"})
_NAMES = re.compile(
    r"(?:^|[-_\s])(?:cookies?|consent|gdpr|bread-?crumbs?|nav|navbar|navigation|menu|side-?bar|skip-?(?:link|nav)|social|shar(?:e|ing)"
    r"|newsletter|advert(?:isement)?s?|ads|promo|popup|modal|noprint|editsection|pagination|pager|footer)(?:$|[_\s]|-(?!not))",
    re.IGNORECASE,
)
_SKIP_LINK = re.compile(r"(?:skip|jump)[-_]?(?:to|link|nav)", re.IGNORECASE)
_UNNAMED = frozenset(
    [
        "html",
        "body",
        "main",
        "article",
        "table",
        "tbody",
        "thead",
        "tr",
        "td",
        "th",
        "span",
        "p",
        "li",
        "dt",
        "dd",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "figure",
        "img",
    ]
)
_MAX_NAMED = 0.3  # share of the page that may be left out for a name that may mean something else
_MIN_KEPT = 0.3  # share of the page that is left if its words for what is what can be trusted
_MIN_MAIN = 200  # characters


@dataclass(slots=True)
class _Candidate:
    element: html.HtmlElement
    is_certain: bool  # by its tag or role, not only by a name that its author gave it
    is_in_main: bool
    start: int
    mains: int
    size: int = 0
    holds_main: bool = False


def surroundings(root: html.HtmlElement) -> frozenset[html.HtmlElement]:
    """The elements that are not content; rather too few than one that is."""
    survey = _Survey()
    survey.take(root)
    chosen = [candidate for candidate in survey.candidates if _is_around(candidate, survey.size)]
    certain = [candidate for candidate in chosen if candidate.is_certain]
    for choice in (chosen, certain):
        left_out = sum(candidate.size for candidate in _outermost(choice))
        if survey.main_size >= _MIN_MAIN or survey.size - left_out >= survey.size * _MIN_KEPT:
            return frozenset(candidate.element for candidate in choice)
    return frozenset()


class _Survey:
    """Sizes in characters, white space aside."""

    def __init__(self) -> None:
        self.candidates: list[_Candidate] = []
        self.size = 0
        self.main_size = 0
        self._mains = 0  # begun so far, headings of the first level among them
        self._in_main = 0
        self._main_start = 0
        self._open: dict[html.HtmlElement, _Candidate] = {}

    def take(self, root: html.HtmlElement) -> None:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "end":
                self._end(element)
            elif is_unread(element):
                walk.skip_subtree()
            else:
                self._start(element)

    def _start(self, element: html.HtmlElement) -> None:
        role = element.get("role", "")
        is_certain = element.tag in _TAGS or role in _ROLES
        if is_certain or _is_named(element):
            candidate = _Candidate(element, is_certain, self._in_main > 0, self.size, self._mains)
            self._open[element] = candidate
            self.candidates.append(candidate)
        if _is_main(element):
            self._main_start = self.size if not self._in_main else self._main_start
            self._in_main += 1
        self._mains += _is_main(element) or element.tag == "h1"
        self._count(element.text)

    def _end(self, element: html.HtmlElement) -> None:
        if candidate := self._open.pop(element, None):
            candidate.size = self.size - candidate.start
            candidate.holds_main = self._mains > candidate.mains
        if _is_main(element) and not is_unread(element):
            self._in_main -= 1
            self.main_size += 0 if self._in_main else self.size - self._main_start
        self._count(element.tail)

    def _count(self, text: str | None) -> None:
        self.size += len("".join(text.split())) if text else 0


def _is_main(element: html.HtmlElement) -> bool:
    return element.tag in _MAIN or element.get("role") in _MAIN


def _is_named(element: html.HtmlElement) -> bool:
    if element.tag == "a":
        return _SKIP_LINK.search(element.get("class", "")) is not None
    if element.tag in _UNNAMED:
        return False
    return any(_NAMES.search(element.get(name, "")) for name in ("class", "id"))


def _is_around(candidate: _Candidate, total: int) -> bool:
    element = candidate.element
    if candidate.holds_main:
        return False
    if not candidate.is_certain:
        return candidate.size <= total * _MAX_NAMED
    return not candidate.is_in_main or element.tag in _EVERYWHERE or element.get("role") in _EVERYWHERE


def _outermost(candidates: list[_Candidate]) -> list[_Candidate]:
    """Those that stand in no other; they come in the order in which they begin."""
    outermost: list[_Candidate] = []
    for candidate in candidates:
        last = outermost[-1] if outermost else None
        if last is None or candidate.start >= last.start + last.size:
            outermost.append(candidate)
    return outermost
