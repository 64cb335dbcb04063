"""Where a chunk stands, and what is searched beside its text, alike in every adapter."""

import msgspec

from footnote.modules.retrieval.models import Box, Cells


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a chunk's headings, context and whereabouts are stored."""

    heading_path: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()
    boxes: tuple[Box, ...] = ()
    cells: tuple[Cells, ...] = ()
    seconds: tuple[float, float] | None = None
    context: str = ""


def header(title: str, place: Place) -> str:
    """What is searched beside the text, and weighs more."""
    return "\n".join((title, *under_title(place)))


def under_title(place: Place) -> tuple[str, ...]:
    """The lines of the header that stay when the title changes."""
    return (*place.heading_path, *([place.context] if place.context else []))
