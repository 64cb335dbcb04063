"""Codes and numbers, however they are written: "10-Q" and "10Q", "1,234,567" and "1.234.567"."""

import re

from footnote.modules.retrieval.lexical.tokens import NUMBER, WORD

_GROUPS = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*")
_MANY_GROUPS = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})+")
_MIXED = re.compile(r"([1-9]\d{0,2}(?:([.,])\d{3})+)(?!\2)[.,](\d+)")
_DECIMAL = re.compile(r"(\d+)[.,](\d+)")
_IS_CODE = re.compile(r"\d|[@_&]|[+#]$")
_TIMES = re.compile(r"(?<=\d)(?<!\b0) ?[x×] ?(?=\d)")  # not that of a hexadecimal number
_SINGLE_LETTERS = re.compile(r"[^\W\d_](?:[.&][^\W\d_])+")


def number(run: str, *, decimal_comma: bool) -> str | None:
    """Without what groups its digits, and with a point before its decimals; nothing for what is no such number."""
    if not NUMBER.fullmatch(run):
        return None
    if mixed := _MIXED.fullmatch(run):
        return f"{_digits(mixed[1])}.{mixed[3]}"
    if _MANY_GROUPS.fullmatch(run):
        return _digits(run)
    groups = _GROUPS.fullmatch(run)
    if groups and groups[1] == ("." if decimal_comma else ","):
        return _digits(run)
    decimal = _DECIMAL.fullmatch(run)
    return f"{decimal[1]}.{decimal[2]}" if decimal else None


def joined(run: str) -> str | None:
    """A run of words with digits, or with signs that words have not, in one; nothing for other runs."""
    if NUMBER.fullmatch(run):
        return run.replace(",", ".")
    words = WORD.findall(run)
    ending = run[len(run.rstrip("+#")) :]
    if len(words) == 1:
        return f"{words[0]}{ending}" if ending and not words[0].isdigit() else None
    is_code = _IS_CODE.search(run) or _SINGLE_LETTERS.fullmatch(run)
    return "".join(words) + ending if is_code else None


def sizes(text: str) -> tuple[str, ...]:
    """A folded text with what is multiplied in it written in one ("m12x1.5") and apart ("m12 1.5"), if anything is."""
    return (_TIMES.sub("x", text), _TIMES.sub(" ", text)) if _TIMES.search(text) else ()


def _digits(run: str) -> str:
    return run.replace(",", "").replace(".", "")
