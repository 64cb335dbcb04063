"""Sentences of running text."""

import re

# The end of a sentence, perhaps closed by quotes or brackets, before white space; Chinese and Japanese stops need none.
# Possessive and anchored at the first mark, so that a page of dots costs no more than a page of words.
_STOP = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s)|[。！？]++[”’」』）]*+")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_LAST_WORD = re.compile(r"[^\s(\[\"'“‘«]+\Z")
_NEXT_WORD = re.compile(r"\s*[\"'“‘«(\[]*([^\s.,;:]*)")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_ENUMERATOR = re.compile(r"\(?(?:\d{1,3}|[ivxIVX]{1,5}|[A-Za-z])")
_REACH = 40  # characters; no abbreviation is longer


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_ALWAYS_BINDING = _words("""
    mr mrs ms dr prof rev hon st gen col lt capt sgt sen rep gov messrs mme mlle e.g i.e vs cf viz z.b d.h u.a
""")
_BINDING_NUMBERS = _words("""
    no nos nr fig figs eq eqs sec secs ch vol vols pp p pg art arts par para paras ref refs app tab abs
    jan feb mar apr jun jul aug sep sept oct nov dec
""")
_OFTEN_BINDING = _words("""
    inc ltd co corp llc plc bros gmbh jr sr al etc approx ca resp est dept univ incl excl max min misc ed eds bzw ggf
    usw
""")
# Words that, with a capital, begin a sentence rather than a name.
_OPENERS = _words("""
    the this that these those there then thus we our it its he she his her they their i you a an and but or so in on
    at as by for from to with after before during since while when where if although though because however moreover
    furthermore additionally also such some many most all each both no not what who why how der die das es ein eine
    wir sie er im le la les il elle un une el los las
""")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of `text` in order, without the white space around them; they cover all the rest.

    A newline alone ends nothing, since lines of a page end anywhere; a blank line does.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for end in _ends(text):
        span = _trimmed(text, start, end)
        if span[0] < span[1]:
            spans.append(span)
        start = end
    return spans


def _ends(text: str) -> list[int]:
    stops = {stop.end() for stop in _STOP.finditer(text) if _is_end(text, stop)}
    return sorted(stops | {blank.start() for blank in _BLANK_LINE.finditer(text)} | {len(text)})


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end].rstrip()
    return start + len(piece) - len(piece.lstrip()), start + len(piece)


def _is_end(text: str, stop: re.Match[str]) -> bool:
    mark = stop.group()[0]
    if mark in "。！？":
        return True
    following = _NEXT_WORD.match(text, stop.end())
    next_word = following.group(1) if following else ""
    if next_word[:1].islower():
        return False
    is_full_stop = mark == "." and not stop.group().startswith("..")
    return not is_full_stop or not _binds(text, stop.start(), next_word)


def _binds(text: str, stop: int, next_word: str) -> bool:
    """Whether the full stop at `stop` belongs to an abbreviation or a number, and the sentence goes on."""
    reach = max(0, stop - _REACH)
    word = _LAST_WORD.search(text[reach:stop])
    if word is None:
        return False
    lower = word.group().lower()
    if lower in _ALWAYS_BINDING or _numbers_item(text, reach + word.start(), word.group()):
        return True
    if lower in _BINDING_NUMBERS:
        return next_word[:1].isdigit()
    is_short = lower in _OFTEN_BINDING or _INITIALS.fullmatch(word.group()) is not None
    return is_short and next_word.lower() not in _OPENERS


def _numbers_item(text: str, start: int, word: str) -> bool:
    """`word` numbers an item of a list: `1. First`, `(a). Second`."""
    before = text[max(0, start - _REACH) : start].rstrip(" \t([")
    return (not before or before[-1] in "\n.!?;:") and _ENUMERATOR.fullmatch(word) is not None
