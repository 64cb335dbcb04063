"""Office files as what they are: a ZIP of XML parts, unpacked within limits."""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from lxml import etree

from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.errors import DamagedFile, PasswordProtected, TooExpensive
from footnote.modules.ingestion.extraction.wordprocessing import attribute, name_of

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the stream that holds an encrypted office file
PROTECTED = "The file is protected by a password. Save it without one and upload it again."
_RATIO = 400  # times its packed size; deflate reaches 1032 on zeros, office XML under 100
_NEVER_A_BOMB = 64 << 20  # bytes unpacked
_CHUNK = 1 << 20
_LONGEST = 1 << 10  # bytes of what is searched for
_EMBEDDED = ("/embeddings/", "Object ")
_DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    ValueError,
)
_LIMITS = ("Resource limit", "Excessive depth", "amplification")  # what the parser says when it gives up


class Relationship(NamedTuple):
    kind: str  # the last word of its type
    target: str  # the name of a part, or an address outside


class Package:
    """The parts of an office file by name. What is unpacked is counted: headers of a ZIP may lie."""

    def __init__(self, archive: zipfile.ZipFile, max_unpacked: int) -> None:
        self._archive = archive
        self._limit = max_unpacked
        self.names = frozenset(archive.namelist())

    @contextmanager
    def open(self, name: str) -> Iterator[io.BufferedReader]:
        info = self._archive.getinfo(name)
        if info.flag_bits & 1:
            raise PasswordProtected(PROTECTED)
        with self._archive.open(info) as file:
            yield io.BufferedReader(Part(self, file, info.compress_size), _CHUNK)

    def spend(self, size: int) -> None:
        self._limit -= size
        if self._limit < 0:
            raise TooExpensive("Unpacked, the file is larger than this server allows.")

    def xml(self, name: str) -> etree._Element | None:
        """The root of the part, or None if there is no such part."""
        if name not in self.names:
            return None
        with self.open(name) as file:
            root = etree.parse(file, etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
        _refuse_entities(root)
        return root

    def children(self, name: str, of: str) -> Iterator[etree._Element]:
        """The children of each element called `of`, outermost, one after the other; each is gone after its turn."""
        with self.open(name) as file:
            yield from _children(_walk(file), of)

    def each(self, name: str, tag: str) -> Iterator[etree._Element]:
        """The elements called `tag`, one after the other; each is gone after its turn."""
        with self.open(name) as file:
            is_first = True
            for _, element in etree.iterparse(
                file, events=("end",), tag=f"{{*}}{tag}", resolve_entities=False, no_network=True
            ):
                if is_first:
                    _refuse_entities(element)
                    is_first = False
                yield element
                element.clear()
                _forget_before(element)

    def search(self, name: str, pattern: re.Pattern[bytes]) -> Iterator[bytes]:
        """The first group of each match in the part, none longer than `_LONGEST`.

        It is unpacked once more for its content, and counts only then.
        """
        rest, limit = b"", self._limit
        with self.open(name) as file:
            while content := file.read(_CHUNK):
                content = rest + content
                end = 0
                for match in pattern.finditer(content):
                    yield match.group(1)
                    end = match.end()
                rest = content[max(end, len(content) - _LONGEST) :]
        self._limit = limit

    def relationships(self, name: str) -> dict[str, Relationship]:
        """Of the part called `name`, by their ids."""
        folder, _, leaf = name.rpartition("/")
        root = self.xml(posixpath.join(folder, "_rels", f"{leaf}.rels"))
        found = {}
        for element in () if root is None else root.iterfind("{*}Relationship"):
            kind = (attribute(element, "Type") or "").rpartition("/")[2]
            target = attribute(element, "Target") or ""
            if attribute(element, "TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[attribute(element, "Id") or ""] = Relationship(kind, target)
        return found

    def related(self, name: str, kind: str) -> Iterator[str]:
        """The names of the parts that are there and related to `name` as `kind`."""
        for relationship in self.relationships(name).values():
            if relationship.kind == kind and relationship.target in self.names:
                yield relationship.target

    def measure(self) -> None:
        """Unpack everything once, to nowhere.

        Raises:
            TooExpensive: It is more than may be unpacked. What another library unpacks must be measured before.
        """
        for name in sorted(self.names):
            with self.open(name) as file:
                while file.read(_CHUNK):
                    pass

    def title(self) -> str | None:
        core = self.xml("docProps/core.xml")
        return None if core is None else core.findtext("{http://purl.org/dc/elements/1.1/}title")

    def warnings(self) -> tuple[str, ...]:
        """What of the file is not read."""
        embedded = sorted(
            name.rpartition("/")[2]
            for name in self.names
            if any(mark in f"/{name}" for mark in _EMBEDDED) and "/media/" not in name and not name.endswith("/")
            if not name.endswith((".rels", ".xml"))
        )
        return (f"Files embedded in this one were not read: {', '.join(embedded)}.",) if embedded else ()


class Part(io.RawIOBase):
    """Reads one part and counts what comes out."""

    def __init__(self, package: Package, file: IO[bytes], packed: int) -> None:
        self._package = package
        self._file = file
        self._packed = max(packed, 1)
        self._unpacked = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        content = self._file.read(len(buffer))
        buffer[: len(content)] = content
        self._unpacked += len(content)
        self._package.spend(len(content))
        if self._unpacked > max(_NEVER_A_BOMB, _RATIO * self._packed):
            raise TooExpensive("The file unpacks to so much more than its size that it is taken for an attack.")
        return len(content)


@contextmanager
def opened(path: Path, context: Context, what: str) -> Iterator[Package]:
    """The package at `path`, and what is wrong with it in words; `what` is the kind of file it should be.

    Raises:
        Unreadable: Damaged, protected by a password, or too large once unpacked.
    """
    refuse_encrypted(path)
    try:
        with zipfile.ZipFile(path) as archive:
            yield Package(archive, context.options.max_unpacked_bytes)
    except etree.XMLSyntaxError as error:
        if any(limit in str(error) for limit in _LIMITS):
            raise TooExpensive(f"The {what} holds larger or deeper XML than office programs write.") from error
        raise DamagedFile(f"The {what} is damaged: {error}") from error
    except _DAMAGE as error:
        raise DamagedFile(f"The {what} is damaged: {error}") from error
    except RecursionError as error:
        raise DamagedFile(f"The {what} is nested too deeply to be read.") from error


def refuse_encrypted(path: Path) -> None:
    """
    Raises:
        PasswordProtected: It is an office file of the ZIP kind inside an encrypted container.
    """
    with path.open("rb") as file:
        if file.read(len(OLE)) != OLE:
            return
        file.seek(0)
        while content := file.read(_CHUNK):
            if _ENCRYPTED in content:
                raise PasswordProtected(PROTECTED)


def _refuse_entities(root: etree._Element) -> None:
    dtd: Any = root.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        raise DamagedFile("The file defines XML entities, which no office program does; it is taken for an attack.")


def _walk(file: io.BufferedReader) -> Iterator[tuple[str, etree._Element]]:
    yield from etree.iterparse(file, events=("start", "end"), resolve_entities=False, no_network=True)


def _children(walk: Iterator[tuple[str, etree._Element]], of: str) -> Iterator[etree._Element]:
    inside: list[etree._Element] = []  # from the container down to where the walk is
    is_first = True
    for event, element in walk:
        if is_first:
            _refuse_entities(element)
            is_first = False
        if event == "start":
            if inside or name_of(element) == of:
                inside.append(element)
            continue
        if inside:
            inside.pop()
        if len(inside) == 1:
            yield element
            element.clear()
            _forget_before(element)


def _forget_before(element: etree._Element) -> None:
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
