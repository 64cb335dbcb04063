"""Files that are made to harm whoever reads them, none of them larger than a few megabytes before it is unpacked."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable

from support.archives import Content, package, zipped

MEGABYTE = 1 << 20
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DRAWN = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    f'xmlns:r="{_OFFICE}"'
)
_OPEN = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
)
_CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="o.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
_BOOK = (
    '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/><manifest>'
    '<item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest><spine>{}</spine></package>'
)


def zeros(megabytes: int) -> bytes:
    return bytes(megabytes * MEGABYTE)


def word(body: str = "", *, declaration: str = "", document: Content | None = None, **parts: Content) -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    written = f'{declaration}<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
    return _office("word/document.xml", {"word/document.xml": document or written, **parts})


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def workbook(rows: str = "", *, declaration: str = "", sheet: Content | None = None, strings: Content = "") -> bytes:
    sheets = '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
    parts: dict[str, Content] = {
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}">{sheets}</workbook>',
        "xl/_rels/workbook.xml.rels": _related(
            r1=("worksheet", "worksheets/sheet1.xml"), r2=("sharedStrings", "sharedStrings.xml")
        ),
        "xl/worksheets/sheet1.xml": sheet
        or f'{declaration}<worksheet xmlns="{_SHEET}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/sharedStrings.xml": strings or f'<sst xmlns="{_SHEET}"/>',
    }
    return _office("xl/workbook.xml", parts)


def row(*cells: str) -> str:
    written = "".join(f'<c r="{chr(65 + n)}1" t="inlineStr"><is><t>{cell}</t></is></c>' for n, cell in enumerate(cells))
    return f'<row r="1">{written}</row>'


def slides(text: str, *, declaration: str = "") -> bytes:
    body = f"<p:sp><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
    shown = '<p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst>'
    parts: dict[str, Content] = {
        "ppt/presentation.xml": f"<p:presentation {_DRAWN}>{shown}</p:presentation>",
        "ppt/_rels/presentation.xml.rels": _related(r1=("slide", "slides/slide1.xml")),
        "ppt/slides/slide1.xml": (f"{declaration}<p:sld {_DRAWN}><p:cSld><p:spTree>{body}</p:spTree></p:cSld></p:sld>"),
    }
    return _office("ppt/presentation.xml", parts)


def open_text(text: str, *, declaration: str = "", content: Content | None = None) -> bytes:
    return _open_document("text", f"<office:text><text:p>{text}</text:p></office:text>", declaration, content)


def book(text: str, *, declaration: str = "", times: int = 1, chapter: Content | None = None) -> bytes:
    """An EPUB whose spine names its only chapter so many times."""
    written = f'{declaration}<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{text}</p></body></html>'
    spine = '<itemref idref="c"/>' * times
    parts = {"META-INF/container.xml": _CONTAINER, "o.opf": _BOOK.format(spine), "c.xhtml": chapter or written}
    return package("application/epub+zip", parts)


def with_entities(declarations: str, text: str) -> dict[str, bytes]:
    """One file of each format that is XML, whose text refers to entities that it declares itself."""

    def declared(root: str) -> str:
        return f"<!DOCTYPE {root} [{declarations}]>"

    return {
        "a.docx": word(paragraph(text), declaration=declared("w:document")),
        "a.xlsx": workbook(row(text), declaration=declared("worksheet")),
        "a.pptx": slides(text, declaration=declared("p:sld")),
        "a.odt": open_text(text, declaration=declared("office:document-content")),
        "a.epub": book(text, declaration=declared("html")),
        "a.xml": f"{declared('r')}<r><p>{text}</p><p>words</p></r>".encode(),
        "a.svg": f"{declared('svg')}<svg><text>{text}</text><text>words</text></svg>".encode(),
        "a.html": f"{declared('html')}<html><body><p>{text}</p><p>words</p></body></html>".encode(),
    }


def billion_laughs() -> str:
    return '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


def nested_archives(levels: int, width: int) -> bytes:
    """Archives in archives, `width` of them in each, all different."""
    content = b"The innermost word."
    for level in range(levels):
        content = zipped({f"{level}-{number}.zip": content + bytes([number]) for number in range(width)})
    return content


def archive_of(names: Iterable[str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, name in enumerate(names):
            member = zipfile.ZipInfo("placeholder")
            member.filename = name  # as it is: the constructor would cut it at a null character
            archive.writestr(member, f"The words of file {number}.")
    return buffer.getvalue()


def pdf(objects: Iterable[str | bytes]) -> bytes:
    """Objects numbered from 1; the first is the catalog."""
    written, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, content.encode() if isinstance(content, str) else content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(offsets) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    trailer = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(written))
    return written + head + table + trailer


def stream(content: bytes, entries: str = "") -> bytes:
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (entries.encode(), len(content), content)


HELLO = b"BT /F1 12 Tf 72 700 Td (Hello hostile words) Tj ET"


def pdf_page(
    content: bytes = HELLO,
    *more: str | bytes,
    box: str = "[0 0 612 792]",
    page: str = "",
    catalog: str = "",
    resources: str = "",
    entries: str = "",
) -> bytes:
    """A PDF of one page; `more` are objects from the sixth on, the rest is added to the dictionaries of that name."""
    named = f"/Resources<</Font<</F1 5 0 R>>{resources}>>"
    return pdf(
        [
            f"<</Type/Catalog/Pages 2 0 R{catalog}>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            f"<</Type/Page/Parent 2 0 R/MediaBox{box}/Contents 4 0 R{named}{page}>>",
            stream(content, entries),
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            *more,
        ]
    )


def png(width: int, height: int, pixels: bytes) -> bytes:
    """Gray, of that size as far as the header says; `pixels` are packed already."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(kind, body) for kind, body in parts)


def _part(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _office(main: str, parts: dict[str, Content]) -> bytes:
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    return zipped({"[Content_Types].xml": types, "_rels/.rels": _related(r1=("officeDocument", main)), **parts})


def _related(**targets: tuple[str, str]) -> str:
    written = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_RELATIONS}">{written}</Relationships>'


def _open_document(kind: str, body: str, declaration: str = "", content: Content | None = None) -> bytes:
    written = (
        f"{declaration}<office:document-content {_OPEN}><office:body>{body}</office:body></office:document-content>"
    )
    parts: dict[str, Content] = {"content.xml": content or written, "META-INF/manifest.xml": "<manifest/>"}
    return package(f"application/vnd.oasis.opendocument.{kind}", parts)
