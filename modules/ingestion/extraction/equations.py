"""Equations of office files in the linear form in which Word itself lets one type them."""

from collections.abc import Callable, Iterable

from lxml import etree

from footnote.modules.ingestion.extraction.wordprocessing import attribute, child, name_of


def linear(math: etree._Element) -> str:
    """Of an `oMath`, for instance `x=(-b±√(b^2-4ac))/2a`."""
    return "".join(_linear(element) for element in math)


def _linear(element: etree._Element) -> str:
    name = name_of(element)
    if name in _FORMS:
        return _FORMS[name](element)
    if name.endswith("Pr"):
        return ""
    if name == "t":
        return element.text or ""
    return linear(element)


def _part(element: etree._Element, name: str) -> str:
    part = child(element, name)
    return "" if part is None else linear(part)


def _grouped(words: str) -> str:
    is_single = len(words) < 2 or words.isalnum() or (words[0] == "(" and words[-1] == ")" and words.count("(") == 1)
    return words if is_single else f"({words})"


def _script(element: etree._Element) -> str:
    below, above = _part(element, "sub"), _part(element, "sup")
    return (
        _grouped(_part(element, "e"))
        + (f"_{_grouped(below)}" if below else "")
        + (f"^{_grouped(above)}" if above else "")
    )


def _fraction(element: etree._Element) -> str:
    bar = "¦" if attribute(child(element, "fPr", "type"), "val") == "noBar" else "/"
    return f"{_grouped(_part(element, 'num'))}{bar}{_grouped(_part(element, 'den'))}"


def _root(element: etree._Element) -> str:
    degree = _part(element, "deg")
    inside = _part(element, "e")
    return f"√({degree}&{inside})" if degree else f"√{_grouped(inside)}"


def _delimited(element: etree._Element) -> str:
    properties = child(element, "dPr")
    begin, end, between = (
        _character(properties, name, default) for name, default in (("begChr", "("), ("endChr", ")"), ("sepChr", "|"))
    )
    return begin + between.join(linear(inner) for inner in element.iterfind("{*}e")) + end


def _operator(element: etree._Element) -> str:
    below, above = _part(element, "sub"), _part(element, "sup")
    sign = _character(child(element, "naryPr"), "chr", "∫")
    limits = (f"_{_grouped(below)}" if below else "") + (f"^{_grouped(above)}" if above else "")
    return f"{sign}{limits} {_part(element, 'e')}"


def _function(element: etree._Element) -> str:
    return f"{_part(element, 'fName')} {_part(element, 'e')}"


def _limit(mark: str) -> Callable[[etree._Element], str]:
    return lambda element: f"{_part(element, 'e')}{mark}{_grouped(_part(element, 'lim'))}"


def _accented(element: etree._Element) -> str:
    return _part(element, "e") + _character(child(element, "accPr"), "chr", "\u0302")


def _matrix(element: etree._Element) -> str:
    return "; ".join(_joined(row.iterfind("{*}e")) for row in element.iterfind("{*}mr"))


def _array(element: etree._Element) -> str:
    return "; ".join(linear(row) for row in element.iterfind("{*}e"))


def _joined(cells: Iterable[etree._Element]) -> str:
    return ", ".join(linear(cell) for cell in cells)


def _character(properties: etree._Element | None, name: str, default: str) -> str:
    value = attribute(child(properties, name), "val")
    return default if value is None else value


_FORMS: dict[str, Callable[[etree._Element], str]] = {
    "f": _fraction,
    "sSup": _script,
    "sSub": _script,
    "sSubSup": _script,
    "rad": _root,
    "d": _delimited,
    "nary": _operator,
    "func": _function,
    "limLow": _limit("_"),
    "limUpp": _limit("^"),
    "acc": _accented,
    "m": _matrix,
    "eqArr": _array,
}
