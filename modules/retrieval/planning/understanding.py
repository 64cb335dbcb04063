"""Filters that a question names in passing: the kind of file, and declared metadata."""

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from footnote.modules.retrieval.filters import METADATA, FieldType
from footnote.modules.retrieval.planning.bounds import QUARTERS, Asked, Span, asked, years_of
from footnote.modules.retrieval.planning.periods import Periods
from footnote.platform.stop_words import STOP_WORDS

Filters = dict[str, Any]

OPENXML = "application/vnd.openxmlformats-officedocument"
OPENDOCUMENT = "application/vnd.oasis.opendocument"
# Only `in the PDF` and the like: a question about the PDF format is not about files of it.
IN_THE = (
    r"\b(?:in|from|of|on|im|aus|en|dans|sur)\s+(?:(?:the|this|that|der|dem|den|dieser|diesem|el|la|los|las|le|les)\s+)?"
)
KINDS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(rf"{IN_THE}(?:\w+\s+)?pdfs?\b", re.I), ("application/pdf",)),
    (
        re.compile(
            rf"{IN_THE}(?:\w+\s+)?(?:spreadsheets?|workbooks?|excel\b|csv\b|tabellenblatt\w*|hoja de cálculo)", re.I
        ),
        (
            f"{OPENXML}.spreadsheetml.sheet",
            f"{OPENDOCUMENT}.spreadsheet",
            "application/vnd.ms-excel",
            "text/csv",
            "text/tab-separated-values",
        ),
    ),
    (
        re.compile(
            rf"{IN_THE}(?:\w+\s+)?(?:slides?|presentations?|powerpoint|präsentation\w*|folien|diapositiv\w+)\b",
            re.I,
        ),
        (
            f"{OPENXML}.presentationml.presentation",
            f"{OPENDOCUMENT}.presentation",
            "application/vnd.ms-powerpoint",
        ),
    ),
    (re.compile(rf"{IN_THE}(?:\w+\s+)?e-?mails?\b", re.I), ("message/rfc822", "application/vnd.ms-outlook")),
    (
        re.compile(rf"{IN_THE}word (?:documents?|files?)\b|{IN_THE}word-(?:dokument|datei)\w*", re.I),
        (f"{OPENXML}.wordprocessingml.document", "application/msword"),
    ),
)
ANYWHERE = re.compile(IN_THE, re.I)  # what all of these begin with
WORD = re.compile(r"[^\W_][\w&.’'-]*")
WORD_GAP = r"[\s_-]+"  # for the underscores of a key
LONGEST_VALUE = 4  # words
MOST_WORDS = 40  # of a question that are looked at
PERIOD_KEYS = {"year": "years", "fiscal_year": "years", "quarter": "quarters", "month": "months"}
LEFT_OUT = re.compile(r"\b(?:not|except|excluding|nicht|außer|no|excepto|sauf|pas)\s*\Z", re.I)
OPERATORS = {"in": "is {}", "gte": "is from {} on", "lt": "is before {}", "ne": "is not {}"}
TOLD = 5  # values
REACH = 12  # characters before a kind of file in which it may be left out


def understood(question: str, fields: Mapping[str, FieldType]) -> list[tuple[str, Filters]]:
    """Filters, each with the field it is on. `fields` are the declared keys of metadata."""
    kinds = KINDS if ANYWHERE.search(question) else ()
    found = [("media_type", _of_kind(question, cue, types)) for cue, types in kinds if cue.search(question)]
    meant = asked(question)
    for key, kind in fields.items():
        if filters := _of_field(meant, METADATA + key, key, kind):
            found.append((METADATA + key, filters))
    return found


def _of_kind(question: str, cue: re.Pattern[str], types: Sequence[str]) -> Filters:
    kind: Filters = {"media_type": {"in": list(types)}}
    is_left_out = all(
        LEFT_OUT.search(question, max(0, found.start() - REACH), found.start()) for found in cue.finditer(question)
    )
    return {"not": kind} if is_left_out else kind


def _of_field(meant: Asked, field: str, key: str, kind: FieldType) -> Filters | None:
    match kind:
        case "time":
            return _all([_within(meant.periods, field), *(_dated(span, field) for span in meant.spans)])
        case "number":
            spans = meant.spans if PERIOD_KEYS.get(key) == "years" else ()
            numbers = _numbers(meant, key)
            named: Filters | None = {field: {"in": numbers}} if numbers else None
            return _all([named, *(_bounded(field, list(years_of(span)), span.is_left_out) for span in spans)])
        case "string":
            values = sorted({*_phrases(meant.rest, key), *_period_values(meant.periods)})
            return {field: {"in": values}} if values else None
        case "boolean":
            return None


def _all(terms: Sequence[Filters | None]) -> Filters | None:
    some = [term for term in terms if term]
    return {"and": some} if len(some) > 1 else some[0] if some else None


def _bounded(field: str, bounds: Sequence[tuple[str, object]], is_left_out: bool) -> Filters:
    return {"or": [{field: {each: value}} for each, value in bounds]} if is_left_out else {field: dict(bounds)}


def _dated(span: Span, field: str) -> Filters:
    below, above = ("gte", "lt") if not span.is_left_out else ("lt", "gte")
    ends = ((below, span.first), (above, span.beyond))
    return _bounded(field, [(each, _first_day(end)) for each, end in ends if end is not None], span.is_left_out)


def _first_day(quarter: int) -> str:
    year, place = divmod(quarter, QUARTERS)
    return f"{year:04}-{3 * place + 1:02}-01"


def _within(asked: Periods, field: str) -> Filters | None:
    """From the first day of what is asked for to the day after it; nothing without a year."""
    spans = [_span(year, months) for year in sorted(asked.years) for months in _months(asked)]
    terms = [{field: {"gte": first, "lt": last}} for first, last in spans]
    return {"or": terms} if len(terms) > 1 else terms[0] if terms else None


def _months(asked: Periods) -> list[tuple[int, int]]:
    """First and last month."""
    if asked.months:
        return [(month, month) for month in sorted(asked.months)]
    return [(3 * quarter - 2, 3 * quarter) for quarter in sorted(asked.quarters)] or [(1, 12)]


def _span(year: int, months: tuple[int, int]) -> tuple[str, str]:
    first, last = months
    after = (year, last + 1) if last < len(calendar.month_name) - 1 else (year + 1, 1)
    return f"{year:04}-{first:02}-01", f"{after[0]:04}-{after[1]:02}-01"


def _numbers(meant: Asked, key: str) -> list[float]:
    """The number that follows the key's own name, and periods for keys that are named after them."""
    name = key.replace("_", WORD_GAP)
    form = rf"\b{name}\s*(?:(?:no\.?|number|nr\.?|#)\s*)?(\d{{1,12}})\b"
    named = {float(number) for number in re.findall(form, meant.rest, re.I)}
    period = PERIOD_KEYS.get(key)
    return sorted(named | set(getattr(meant.periods, period)) if period else named)


def _phrases(question: str, key: str) -> Iterator[str]:
    """Runs of words as values may be written: as they stand, small, with capitals.

    Only of words with a capital or a digit, unless the question names the key: or every question would be asked twice.
    """
    is_named = re.search(rf"\b{key.replace('_', WORD_GAP)}\b", question, re.I) is not None
    words = [re.sub(r"['’]s$", "", word).rstrip(".,'’-") for word in WORD.findall(question)[:MOST_WORDS]]
    for start in range(len(words)):
        for end in range(start + 1, min(start + LONGEST_VALUE, len(words)) + 1):
            run = words[start:end]
            if _may_be_value(run) and (is_named or (start > 0 and all(not word.islower() for word in run))):
                phrase = " ".join(run)
                yield from (phrase, phrase.lower(), phrase.title(), phrase.upper())


def _may_be_value(run: Sequence[str]) -> bool:
    return not any(word.lower() in STOP_WORDS for word in (run[0], run[-1]))


def _period_values(asked: Periods) -> Iterator[str]:
    for year in asked.years:
        yield str(year)
        for quarter in asked.quarters:
            yield from (f"{year} Q{quarter}", f"{year}-Q{quarter}", f"{year}Q{quarter}", f"Q{quarter} {year}")
    yield from (f"Q{quarter}" for quarter in asked.quarters)


def told(filters: Filters) -> str:
    """In words, for people; of many values the first ones, however they are written."""
    [(key, value)] = list(filters.items())[:1]
    match key, value:
        case (("and" | "or"), list()):
            return f" {key} ".join(f"({told(each)})" if set(each) & {"and", "or"} else told(each) for each in value)
        case "not", dict():
            return f"not {told(value)}"
        case _, dict():
            return " and ".join(f"`{key}` {OPERATORS[each].format(_listed(values))}" for each, values in value.items())
    return f"`{key}` is {value}"


def _listed(values: object) -> str:
    if not isinstance(values, list):
        return str(values)
    distinct = list(
        {str(value).casefold(): f"{value:g}" if isinstance(value, float) else value for value in values}.values()
    )
    return " or ".join(map(str, distinct[:TOLD])) + (" or others" if len(distinct) > TOLD else "")
