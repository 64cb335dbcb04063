"""HTTP of what documents hold: the original, the text, the pages."""

from typing import Annotated
from urllib.parse import quote

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, Parameter
from litestar.response import Stream

from footnote.modules.ingestion.errors import PageNotFound
from footnote.modules.ingestion.reader import DocumentReader
from footnote.modules.ingestion.service import IngestionService
from footnote.platform.principal import Principal

MOST_INTEGER = (1 << 63) - 1  # that stores can compare with
SANDBOXED = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}

Version = Annotated[int | None, Parameter(ge=1, le=MOST_INTEGER)]


@get("/documents/{document_id:str}/content", media_type="application/octet-stream")
async def read_content(
    document_id: FromPath[str],
    principal: NamedDependency[Principal],
    ingestion: NamedDependency[IngestionService],
    version: Version = None,
) -> Stream:
    """The original bytes, as an attachment that a browser must not run."""
    document, content = await ingestion.content(principal, document_id, version)
    disposition = f"attachment; filename*=UTF-8''{quote(document.filename, safe='')}"
    headers = {**SANDBOXED, "Content-Disposition": disposition}
    return Stream(content, media_type=document.media_type, headers=headers)


@get("/documents/{document_id:str}/text", media_type="text/plain")
async def read_text(
    document_id: FromPath[str],
    principal: NamedDependency[Principal],
    reader: NamedDependency[DocumentReader],
    version: Version = None,
) -> Response[str]:
    """The canonical text, into which the offsets of passages and citations point."""
    text = await reader.text(principal, document_id, version)
    return Response(text, media_type="text/plain; charset=utf-8", headers=SANDBOXED)


@get("/documents/{document_id:str}/pages/{picture:str}", media_type="image/png")
async def read_page(
    document_id: FromPath[str],
    picture: FromPath[str],
    principal: NamedDependency[Principal],
    reader: NamedDependency[DocumentReader],
    version: Version = None,
    start: Annotated[int | None, Parameter(ge=0)] = None,
    end: Annotated[int | None, Parameter(ge=0)] = None,
) -> Response[bytes]:
    """`{n}.png`: the page as a picture, the characters from `start` to `end` highlighted."""
    number, _, suffix = picture.partition(".")
    if not number.isascii() or not number.isdigit() or suffix != "png" or len(number) > 9:
        raise PageNotFound.named(picture)
    span = None if start is None or end is None else (start, end)
    image = await reader.page_image(principal, document_id, int(number), version, span)
    return Response(image, media_type="image/png", headers={"Cache-Control": "private, max-age=300"})


HANDLERS = [read_content, read_text, read_page]
