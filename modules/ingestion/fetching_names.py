"""What a fetched file is called."""

from email.message import Message
from mimetypes import MimeTypes
from pathlib import PurePosixPath
from urllib.parse import unquote

import httpx

LONGEST_HEADER = 2_000  # characters; reading a parameter list takes quadratic time
KINDS = MimeTypes(filenames=())  # the same on every machine


def name_of(url: httpx.URL, disposition: str, content_type: str) -> str:
    """By the header Content-Disposition, else by the path; with an ending by the content type where it has none.

    It is what a stranger wrote: it still has to be cleaned.
    """
    name = disposed_name(disposition) or PurePosixPath(unquote(url.path)).name
    ending = KINDS.guess_extension(content_type.partition(";")[0].strip().lower()) or ""
    if not name:
        return url.raw_host.decode() + ending
    return name if PurePosixPath(name).suffix else name + ending


def disposed_name(disposition: str) -> str:
    """The file name of RFC 6266, `filename*` before `filename`; empty without one that can be read."""
    if len(disposition) > LONGEST_HEADER:
        return ""
    message = Message()
    message["Content-Disposition"] = " ".join(disposition.split())
    try:
        given = message.get_params([], "Content-Disposition")
    except ValueError:
        return ""
    names: list[object] = [value for key, value in given if key.lower() == "filename"]  # a tuple where it is encoded
    extended = [decoded(*value) for value in names if isinstance(value, tuple)]
    return next(filter(None, [*extended, *(value for value in names if isinstance(value, str))]), "")


def decoded(charset: str | None, _language: str | None, value: str) -> str:
    """The value of a `filename*`, whose bytes the parser gives as characters up to 255."""
    try:
        return value.encode("latin-1").decode(charset or "utf-8")
    except (UnicodeError, LookupError):
        return ""
