"""The slides of a presentation: their order, what belongs to them, and what they take from layout and master."""

from collections.abc import Iterator
from functools import cache

from lxml import etree

from footnote.modules.ingestion.extraction.office_zip import Package
from footnote.modules.ingestion.extraction.wordprocessing import attribute, child, number

_BODY = frozenset({"body", "obj", "half", "quarter", "tbl", "chart", "clipArt", "dgm", "media", None})


class Models:
    """Layouts and masters, which many slides share, by the names of their parts."""

    def __init__(self, package: Package) -> None:
        self.xml = cache(package.xml)
        self.master_of = cache(lambda layout: next(package.related(layout, "slideMaster"), None))


class Slide:
    def __init__(self, package: Package, models: Models, name: str) -> None:
        self._package = package
        self.relationships = package.relationships(name)
        self.shapes = child(package.xml(name), "cSld", "spTree")
        layout = self._part("slideLayout")
        self._layout = models.xml(layout) if layout else None
        master = models.master_of(layout) if layout else None
        self._master = models.xml(master) if master else None
        self.notes = self._xml("notesSlide")
        self.comments = self._xml("comments")

    def part(self, relationship_id: str | None) -> etree._Element | None:
        relationship = self.relationships.get(relationship_id or "")
        return self._package.xml(relationship.target) if relationship else None

    def place(self, shape: etree._Element) -> tuple[int, int]:
        """Its top and left, its own or those of the placeholder that it fills."""
        for candidate in (shape, *self._models(shape)):
            offset = next(candidate.iterfind("{*}spPr/{*}xfrm/{*}off"), None)
            offset = next(candidate.iterfind("{*}xfrm/{*}off"), None) if offset is None else offset
            offset = next(candidate.iterfind("{*}grpSpPr/{*}xfrm/{*}off"), None) if offset is None else offset
            if offset is not None:
                return number(offset, "y"), number(offset, "x")
        return 0, 0

    def list_styles(self, shape: etree._Element) -> list[etree._Element]:
        """Those that hold for the text of `shape`, nearest first."""
        own = (child(candidate, "txBody", "lstStyle") for candidate in (shape, *self._models(shape)))
        placeholder = placeholder_of(shape)
        is_body = placeholder is not None and attribute(placeholder, "type") in _BODY
        styles = child(self._master, "txStyles", "bodyStyle") if is_body else None
        return [style for style in (*own, styles) if style is not None]

    def _models(self, shape: etree._Element) -> Iterator[etree._Element]:
        """The placeholders of layout and master that `shape` fills."""
        placeholder = placeholder_of(shape)
        if placeholder is None:
            return
        kind, index = attribute(placeholder, "type"), attribute(placeholder, "idx")
        for root in (self._layout, self._master):
            others = [] if root is None else [(other, placeholder_of(other)) for other in root.iter("{*}sp")]
            same = [other for other, its in others if its is not None and _matches(its, kind, index)]
            yield from same[:1]

    def _part(self, kind: str) -> str | None:
        found = (rel.target for rel in self.relationships.values() if rel.kind == kind)
        return next((target for target in found if target in self._package.names), None)

    def _xml(self, kind: str) -> etree._Element | None:
        name = self._part(kind)
        return self._package.xml(name) if name else None


def slides(package: Package, presentation: str) -> list[str]:
    """The names of the parts that are slides, in the order in which they are shown."""
    relationships = package.relationships(presentation)
    listed = child(package.xml(presentation), "sldIdLst")
    ids = [] if listed is None else [_relationship_id(entry) for entry in listed]
    targets = [relationships[key].target for key in ids if key in relationships]
    return [target for target in targets if target in package.names]


def placeholder_of(shape: etree._Element) -> etree._Element | None:
    for properties in ("nvSpPr", "nvPicPr", "nvGraphicFramePr"):
        found = child(shape, properties, "nvPr", "ph")
        if found is not None:
            return found
    return None


def _matches(other: etree._Element, kind: str | None, index: str | None) -> bool:
    if index is not None and attribute(other, "idx") == index:
        return True
    return attribute(other, "type") == kind and kind is not None


def _relationship_id(entry: etree._Element) -> str:
    """An entry has also an `id` without a namespace."""
    return next((str(value) for key, value in entry.attrib.items() if str(key).endswith("}id")), "")
