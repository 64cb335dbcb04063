"""Electronic books made in memory."""

from collections.abc import Mapping, Sequence

from support.archives import package

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)


def book(
    chapters: Sequence[tuple[str, str]], *, titles: Mapping[str, str] | None = None, **parts: str | bytes
) -> bytes:
    """Chapters by name in reading order; `titles` are what the table of contents calls them."""
    items = "".join(
        f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, (name, _) in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    entries = "".join(f'<li><a href="{name}#top">{title}</a></li>' for name, title in (titles or {}).items())
    listing = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>A  Book</dc:title><dc:language>de-AT</dc:language></metadata><manifest>"
        f'<item id="toc" href="toc.xhtml" properties="nav" media-type="application/xhtml+xml"/>{items}'
        f'</manifest><spine><itemref idref="toc"/>{spine}</spine></package>'
    )
    return package(
        "application/epub+zip",
        {
            "META-INF/container.xml": CONTAINER,
            "OEBPS/book.opf": listing,
            "OEBPS/toc.xhtml": f"<html xmlns='http://www.w3.org/1999/xhtml'><body><nav><ol>{entries}</ol></nav></body></html>",
            **{f"OEBPS/{name}": f"<html><body>{page}</body></html>" for name, page in chapters},
            **parts,
        },
    )
