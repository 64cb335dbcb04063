"""What a question compares, found by how it is worded; no model is asked."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from footnote.platform.stop_words import STOP_WORDS

Span = tuple[int, int]

MOST = 4  # subjects
LONGEST = 2000  # characters; what is longer is a text rather than a question
# A question begins with a capital without naming anything; in English, German, Spanish and French.
OPENERS = STOP_WORDS | set(
    re.findall(
        r"\w+",
        """
        is are was were do does did has have had can could should would will which what who when where why how compare
        other ist sind war waren hat haben welche welcher welches wer wie vergleiche der die das ein eine von den es son
        cuál cual qué que quién compara el la los las un una del est sont quel quelle comparer le les de du
        """,
    )
)
TOKEN = re.compile(r"[^\W_][\w.&’'-]*[\w]|[^\W_]|,")
POSSESSIVE = re.compile(r"['’]s?$")
AND = frozenset({"and", "or", "vs", "vs.", "versus", "und", "oder", "y", "o", "et", "ou"})
ARTICLES = frozenset({"the", "der", "die", "das", "den", "dem", "el", "la", "los", "las", "le", "les"})
INSIDE = frozenset({"of", "the", "de", "von", "van", "del"})  # a name
# A pair of names is a comparison if one of these stands in the question.
CUE = re.compile(
    r"\b(?:compar\w*|contrast\w*|differ\w*|similar\w*|same|vergleich\w*|verglichen|unterschied\w*|unterscheid\w*"
    r"|gleich\w*|diferen\w*|mismo|misma|différen\w*|même)\b",
    re.I,
)
CHOICE = re.compile(r"\b(?:or|oder|o|ou)\b", re.I)
CHOOSER = re.compile(r"^(?:which|who|is|are|was|were|did|does|do|has|have)\b|\b(?:which|who)\b", re.I)
APART = re.compile(r"\b(?:than|compared? (?:to|with)|compares? (?:to|with)|differs? from)\b", re.I)
VERSUS = re.compile(r"\bv(?:s|ersus)\b", re.I)
THING = r"[\w.&’'-]+(?:\s+(?!(?:and|or|und|y|et|in|for|on|of|with|to|when|does|is)\b)[\w.&’'-]+){0,3}"
OPPOSED = re.compile(rf"(?<![\w.&’'-])({THING})\s+(?:vs\.?|versus)\s+({THING})", re.I)
BETWEEN = re.compile(rf"\b(?:between|zwischen|entre)\s+({THING})\s+(?:and|und|y|et)\s+({THING})", re.I)
DIFFERENCE = re.compile(r"\b(?:differ|compar|distin|unterschied|vergleich|diferen|différen)", re.I)


def compared(question: str) -> tuple[str, ...]:
    """The subjects of a comparison, at least two; none if the question compares nothing by name."""
    return tuple(_bare(question, span) for span in _subjects(question))


def parts(question: str) -> tuple[str, ...]:
    """The question asked of each of its subjects alone: of `Is A older than B?` `Is A older` and `Is older than B?`."""
    spans = _subjects(question)
    return tuple(_without(question, [other for other in spans if other != kept]) for kept in spans)


def _subjects(question: str) -> Sequence[Span]:
    if len(question) > LONGEST:
        return ()
    found = _names(question)
    for spans in (*_listed(question, found), *_apart(question, found), *_worded(question)):
        names = {_bare(question, span).casefold() for span in spans}
        if len(names) == len(spans) <= MOST and all(any(map(str.isalpha, name)) for name in names):
            return spans
    return ()


def _listed(question: str, names: Sequence[Span]) -> Iterator[list[Span]]:
    """Names with `and` or `or` between the last two."""
    for run in _runs(question, names):
        is_choice = CHOICE.search(question[run[-2][1] : run[-1][0]]) and CHOOSER.search(question)
        if is_choice or CUE.search(question) or VERSUS.search(question):
            yield run


def _apart(question: str, names: Sequence[Span]) -> Iterator[list[Span]]:
    """A name on either side of `than` or `compared with`."""
    for one, other in pairwise(names):
        between = question[one[1] : other[0]]
        if (found := APART.search(between)) and not _bare_words(between[found.end() :]):
            yield [one, other]


def _worded(question: str) -> Iterator[list[Span]]:
    """Things without a capital, where the words around them leave no doubt."""
    if VERSUS.search(question) and (found := OPPOSED.search(question)):
        yield [found.span(1), found.span(2)]
    if (cue := DIFFERENCE.search(question)) and (found := BETWEEN.search(question)) and cue.start() < found.start():
        yield [found.span(1), found.span(2)]


def _names(question: str) -> list[Span]:
    """Runs of capitalised words."""
    names: list[Span] = []
    is_open = False
    for token in TOKEN.finditer(question):
        word = POSSESSIVE.sub("", token.group())
        is_name = (word[0].isupper() or (word[0].isdigit() and is_open)) and word.casefold() not in OPENERS
        if is_name and is_open:
            names[-1] = (names[-1][0], token.end())
        elif is_name:
            names.append(token.span())
        is_open = (is_name and word == token.group()) or (is_open and token.group() in INSIDE)
    return names


def _runs(question: str, names: Sequence[Span]) -> Iterator[list[Span]]:
    """Names side by side, at least two of them joined by a word like `and`."""
    run: list[Span] = []
    is_joined = False
    for name in names:
        between = _bare_words(question[run[-1][1] : name[0]]) if run else []
        joins = bool(between) and between[-1] in AND and set(between[:-1]) <= {","}
        if joins or between == [","]:
            run.append(name)
            is_joined |= joins
            continue
        if is_joined:
            yield run
        run, is_joined = [name], False
    if is_joined:
        yield run


def _bare_words(text: str) -> list[str]:
    """Small, commas among them, without articles."""
    return [word for word in text.casefold().replace(",", " , ").split() if word not in ARTICLES]


def _bare(question: str, span: Span) -> str:
    return POSSESSIVE.sub("", question[span[0] : span[1]]).rstrip(".")


def _without(question: str, spans: Sequence[Span]) -> str:
    """What is left, with the commas and conjunctions that have lost a side."""
    for start, end in sorted(spans, reverse=True):
        before, after = question[:start].rstrip(), question[end:]
        words = before.split()
        if words and words[-1].casefold() in AND:
            before = " ".join(words[:-1])
        elif after.split() and after.split()[0].casefold() in AND:
            after = after.split(maxsplit=1)[1] if len(after.split()) > 1 else ""
        question = f"{before.rstrip(',')} {after.lstrip(', ')}"
    return re.sub(r"\s+(?=[?.!,])", "", " ".join(question.split()))
