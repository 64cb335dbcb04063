"""What kinds of elements a page is made of, and which of them nobody gets to see."""

import re

from lxml import html

_UNREAD_TAGS = """
    script style noscript template head svg iframe object select option optgroup datalist button input textarea dialog
    audio video canvas map progress meter
"""
_INLINE_TAGS = """
    a abbr acronym b bdi bdo big cite code del dfn em font i img ins kbd label mark math q rp rt ruby s samp small
    span strike strong sub sup time tt u var wbr data nobr link meta
"""
UNREAD = frozenset(_UNREAD_TAGS.split())
INLINE = frozenset(_INLINE_TAGS.split())
HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])", re.IGNORECASE
)
_FILE_NAME = re.compile(r"[^\s]+\.(?:png|jpe?g|gif|svg|webp|bmp)", re.IGNORECASE)
_ICON = 32  # pixels


def is_unread(element: html.HtmlElement) -> bool:
    return (
        not isinstance(element.tag, str)
        or (element.tag in UNREAD and not (element.tag == "dialog" and element.get("open") is not None))
        or element.get("hidden", "until-found") != "until-found"
        or element.get("aria-hidden") == "true"
        or _HIDDEN_STYLE.search(element.get("style", "")) is not None
    )


def heading_level(element: html.HtmlElement) -> int:
    """From 1; 0 if it is no heading."""
    level = HEADINGS.get(element.tag, 0)
    if level or element.get("role") != "heading":
        return level
    stated = element.get("aria-level", "2")
    return int(stated) if stated in tuple("123456") else 2


def words_for_image(image: html.HtmlElement) -> str:
    """What the page says in place of a picture; nothing for an icon."""
    words = (image.get("alt") or "").strip()
    size = image.get("width", "")
    is_icon = size.isascii() and size.isdigit() and int(size[:6]) <= _ICON
    is_idle = is_icon or image.get("role") in ("presentation", "none") or _FILE_NAME.fullmatch(words)
    return "" if is_idle else words


def words_for_link(link: html.HtmlElement) -> str:
    """What a link without words of its own leads to."""
    target = link.get("href", "")
    stated = link.get("aria-label") or link.get("title")
    return stated or (target if target.startswith(("http://", "https://", "mailto:")) else "")
