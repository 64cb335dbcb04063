"""Reading WordprocessingML by local names, since its strict and its transitional form differ in namespace only."""

from lxml import etree


def name_of(element: etree._Element | None) -> str:
    if element is None or not isinstance(element.tag, str):
        return ""
    return element.tag.rpartition("}")[2]


def child(element: etree._Element, name: str) -> etree._Element | None:
    return element.find(f"{{*}}{name}")


def attribute(element: etree._Element | None, name: str) -> str | None:
    """The value of the attribute called `name` in whatever namespace."""
    if element is None:
        return None
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), None)
