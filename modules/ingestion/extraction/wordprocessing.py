"""Reading office XML by local names, since its strict and its transitional form differ in namespace only."""

from collections.abc import Collection, Iterator

from lxml import etree

_OFF = frozenset({"0", "false", "off", "none"})


def name_of(element: etree._Element | None) -> str:
    if element is None or not isinstance(element.tag, str):
        return ""
    return element.tag.rpartition("}")[2]


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The first child called by the first name, of it that by the second, and so on."""
    for name in names:
        if element is None:
            return None
        element = element.find(f"{{*}}{name}")
    return element


def attribute(element: etree._Element | None, name: str) -> str | None:
    """The value of the attribute called `name` in whatever namespace."""
    if element is None:
        return None
    value = element.get(name)
    if value is not None:
        return value
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), None)


def number(element: etree._Element | None, name: str, default: int = 0) -> int:
    """The attribute called `name` as a whole number, or `default` if it is none."""
    try:
        return int(attribute(element, name) or "")
    except ValueError:
        return default


def is_on(element: etree._Element | None) -> bool:
    """Whether a property is there and not switched off."""
    return element is not None and (attribute(element, "val") or "") not in _OFF


def within(element: etree._Element, wanted: Collection[str], closed: Collection[str] = ()) -> Iterator[etree._Element]:
    """Descendants called by one of the `wanted` names, none inside another one or inside a `closed` one."""
    walk = etree.iterwalk(element, events=("start",))
    for _, inner in walk:
        if inner is element:
            continue
        name = name_of(inner)
        if name in wanted or name in closed:
            walk.skip_subtree()
        if name in wanted:
            yield inner


def chosen(alternate: etree._Element) -> Iterator[etree._Element]:
    """The content of an `AlternateContent`: that of its first choice, or the fallback if there is none."""
    choice = child(alternate, "Choice")
    if choice is None:
        choice = child(alternate, "Fallback")
    if choice is not None:
        yield from choice
