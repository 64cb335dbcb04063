"""The pages of the portal."""

from pathlib import Path
from typing import Any

from litestar import Request, Response, Router, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from footnote.modules.portal.assets import Asset, load

ASSETS = load(Path(__file__).parent / "static")
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {"Cache-Control": "no-cache", "Content-Security-Policy": CONTENT_SECURITY_POLICY}


@get("/", include_in_schema=False)
async def index(request: Request[Any, Any, Any]) -> Response[bytes]:
    return _response(request, ASSETS["index.html"])


@get("/memories", include_in_schema=False)
async def memories(request: Request[Any, Any, Any]) -> Response[bytes]:
    return _response(request, ASSETS["memories.html"])


@get("/assets/{name:str}", include_in_schema=False)
async def asset(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    if name not in ASSETS:
        raise NotFoundException(detail="The portal has no such file.")
    return _response(request, ASSETS[name])


def _response(request: Request[Any, Any, Any], asset: Asset) -> Response[bytes]:
    headers = HEADERS | {"ETag": asset.etag}
    if request.headers.get("if-none-match") == asset.etag:
        return Response(b"", status_code=304, headers=headers)
    return Response(asset.content, media_type=asset.media_type, headers=headers)


router = Router("/", route_handlers=[index, memories, asset])
