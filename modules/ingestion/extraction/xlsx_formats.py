"""Numbers of a workbook as what their formats make of them: dates, times, durations, percentages."""

import datetime
import re
from typing import Literal

from lxml import etree

from footnote.modules.ingestion.extraction.wordprocessing import attribute, number

Kind = Literal["number", "date", "time", "moment", "duration", "percent"]
# Formats that need not be stated, by their ids; those up to 58 are dates of East Asia.
_BUILT_IN: dict[int, Kind] = {
    9: "percent",
    10: "percent",
    **dict.fromkeys((*range(14, 18), *range(27, 32), 36, *range(50, 59)), "date"),
    **dict.fromkeys((*range(18, 22), *range(32, 36), 45, 47), "time"),
    22: "moment",
    46: "duration",
}
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|General', re.IGNORECASE)
_ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_EPOCH = datetime.datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet knows no time zones
_EPOCH_1904 = datetime.datetime(1904, 1, 1)  # noqa: DTZ001
_LAST = 2_958_466  # the day after 9999-12-31
_DIGITS = 15  # that a number in a cell is good for


class Formats:
    def __init__(self, styles: etree._Element | None, *, is_1904: bool = False) -> None:
        self._epoch = _EPOCH_1904 if is_1904 else _EPOCH
        own: dict[int, Kind] = {}
        for form in () if styles is None else styles.iterfind("{*}numFmts/{*}numFmt"):
            own[number(form, "numFmtId")] = kind_of(attribute(form, "formatCode") or "")
        kinds = {**_BUILT_IN, **own}
        cells = [] if styles is None else styles.iterfind("{*}cellXfs/{*}xf")
        self._kinds = [kinds.get(number(form, "numFmtId"), "number") for form in cells]

    def shown(self, value: str, style: int) -> str:
        """`value` as the file has it, in the cell format `style`."""
        kind = self._kinds[style] if 0 <= style < len(self._kinds) else "number"
        try:
            amount = float(value)
        except ValueError:
            return value
        if kind == "percent":
            return f"{plain(amount * 100)}%"
        return plain(amount) if kind == "number" or not 0 <= amount < _LAST else self._moment(amount, kind)

    def _moment(self, days: float, kind: Kind) -> str:
        if kind == "duration" or (kind == "time" and days >= 1):
            return duration(datetime.timedelta(days=days))
        moment = self._epoch + datetime.timedelta(seconds=round(days * 86_400))
        if kind == "time":
            return moment.time().isoformat()
        return moment_text(moment)


def kind_of(code: str) -> Kind:
    """What a format code makes of a number."""
    positive = _LITERAL.sub("", code.partition(";")[0]).lower()
    if _ELAPSED.search(positive):
        return "duration"
    has_date, has_time = bool(set("yd") & set(positive)), bool(set("hs") & set(positive))
    if has_date or has_time:
        return "moment" if has_date and has_time else "date" if has_date else "time"
    if "m" in positive:
        return "date"
    return "percent" if "%" in positive else "number"


def plain(amount: float) -> str:
    """Without the noise of binary fractions, and not in powers of ten while it need not be."""
    if amount == int(amount) and abs(amount) < 10**_DIGITS:
        return str(int(amount))
    return f"{amount:.{_DIGITS}g}"


def duration(span: datetime.timedelta) -> str:
    """Hours, minutes and seconds; the hours may be more than 24."""
    seconds = round(span.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def moment_text(moment: datetime.datetime) -> str:
    """ISO 8601 with a space; only the date at midnight."""
    is_midnight = moment.time() == datetime.time()
    return moment.date().isoformat() if is_midnight else moment.isoformat(" ", "seconds")
