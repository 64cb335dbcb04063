"""RFC 9457: every error, deliberate or not, becomes `application/problem+json`."""

import math
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.config.app import AppConfig
from litestar.exceptions import HTTPException
from litestar.plugins import InitPlugin
from loguru import logger
from opentelemetry import trace

from footnote.platform.context import current_trace_id
from footnote.platform.errors import FootnoteError

MEDIA_TYPE = "application/problem+json"
INTERNAL = {
    "type": "about:blank",
    "title": "Internal error",
    "status": 500,
    "detail": "Something went wrong here. The trace id finds it in the logs.",
}

UNDECODABLE = "The request cannot be decoded: it is not valid text in its encoding (UTF-8), or it is nested too deep."


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def of(cls, error: Exception) -> "Problem":
        """What the asker is told about `error`; nothing of the inside of an error that nobody foresaw."""
        members = problem_of(error)
        return cls(status=members["status"], headers=_headers(error, members), body=encode(members))


class ProblemDetails(InitPlugin):
    """Turns whatever a handler or the router raises into a problem."""

    def on_app_init(self, app_config: AppConfig) -> AppConfig:
        app_config.exception_handlers[Exception] = _handle
        return app_config


def problem_details() -> ProblemDetails:
    return ProblemDetails()


def problem_of(error: Exception) -> dict[str, Any]:
    """The members `type, title, status, detail`, the extensions, and `trace_id` where there is a trace."""
    trace_id = current_trace_id()
    return _members(error) | ({"trace_id": trace_id} if trace_id else {})


def encode(members: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode(members, enc_hook=str)


def report(error: Exception) -> None:
    """Log `error` if the server is to blame: with its traceback if nobody foresaw it."""
    if _status(error) < 500:
        return
    if isinstance(error, FootnoteError):
        logger.bind(title=error.title, detail=error.detail).warning("request failed")
        return
    trace.get_current_span().record_exception(error)
    logger.opt(exception=error).error("unexpected error")


def _handle(_request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    report(error)
    problem = Problem.of(error)
    return Response(problem.body, status_code=problem.status, headers=problem.headers, media_type=MEDIA_TYPE)


def _members(error: Exception) -> dict[str, Any]:
    if isinstance(error, FootnoteError):
        return error.to_problem()
    if _status(error) == 500:
        return INTERNAL
    if isinstance(error, HTTPException):
        return _framework(error.status_code, error.detail, error.extra)
    return _framework(400, UNDECODABLE, None)


def _status(error: Exception) -> int:
    if isinstance(error, FootnoteError):
        return error.status
    if isinstance(error, HTTPException):
        return error.status_code
    return 400 if _is_undecodable(error) else 500


def _framework(status: int, detail: str, extra: object) -> dict[str, Any]:
    """The framework's own refusals; `errors` lists what is wrong with which field."""
    problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    if not isinstance(extra, list):
        return problem
    errors = [_field_error(entry) for entry in extra]
    return problem | {"detail": "; ".join(f"{e['field']}: {e['message']}" for e in errors), "errors": errors}


def _field_error(entry: Mapping[str, Any]) -> dict[str, str]:
    field, message = str(entry.get("key", "")), str(entry["message"])
    is_absent = message == repr(field)  # the framework shows the KeyError of its own look-up
    source = entry.get("source", "body")
    return {
        "field": "body" if field == "data" else field,
        "in": str(getattr(source, "value", source)),
        "message": "Required" if is_absent else message,
    }


def _is_undecodable(error: Exception) -> bool:
    """Whether the framework failed to decode the request: it lets Python's own errors through."""
    return isinstance(error, UnicodeDecodeError | RecursionError) and any(
        name.startswith(("litestar._kwargs", "litestar._multipart")) for name in _modules(error.__traceback__)
    )


def _modules(traceback: TracebackType | None) -> Iterator[str]:
    while traceback is not None:
        yield traceback.tb_frame.f_globals.get("__name__", "")
        traceback = traceback.tb_next


def _headers(error: Exception, members: Mapping[str, Any]) -> dict[str, str]:
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if "retry_after" in members:
        headers["Retry-After"] = str(math.ceil(members["retry_after"]))
    if members["status"] == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return headers
