"""Tells JSON and JSON Lines by what a file begins with."""

import json

from footnote.modules.ingestion.extraction.kinds import JSON, JSON_LINES

_DECODER = json.JSONDecoder(parse_int=str)  # Python refuses to count as far as some numbers go
_LINES_NAMES = (".jsonl", ".ndjson", ".jsonlines", ".ldjson")
_TOKEN = 16  # characters; longer than any token but a string


def json_kind(text: str, suffix: str, *, is_whole: bool) -> str | None:
    start = text.lstrip()
    if not start.startswith(("{", "[")):
        return None
    end = _end_of_value(start, is_whole=is_whole)
    if end is None:
        return None
    rest = start[end:].lstrip()
    if rest and suffix in _LINES_NAMES:
        return JSON_LINES
    if rest:
        is_next = "\n" in start[end : len(start) - len(rest)] and rest.startswith(("{", "["))
        return JSON_LINES if is_next and _end_of_value(rest, is_whole=is_whole) is not None else None
    return JSON_LINES if suffix in _LINES_NAMES else JSON


def _end_of_value(text: str, *, is_whole: bool) -> int | None:
    """Where the first value ends, or the text does if it was cut off inside it; nothing if this is no JSON."""
    try:
        return _DECODER.raw_decode(text)[1]
    except json.JSONDecodeError as error:
        is_cut = error.msg.startswith("Unterminated string") or len(text) - error.pos < _TOKEN
        return len(text) if is_cut and not is_whole else None
    except RecursionError:  # JSON all the same, to be refused for its depth
        return len(text)
