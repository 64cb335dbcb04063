"""One log for all: loguru's lines and those of the libraries, each with the ids of its request and span."""

import json
import logging
import os
import sys
import traceback
from datetime import UTC
from typing import TYPE_CHECKING, Any, Literal

from loguru import logger
from opentelemetry import trace

from footnote.platform.context import request_id
from footnote.platform.safety.redaction import redacted, redacted_fields

if TYPE_CHECKING:
    from loguru import Message, Record

Style = Literal["auto", "people", "json"]

PEOPLE = (
    "<green>{time:HH:mm:ss}</green> <level>{level: <8}</level> {extra[shown]} <dim>{extra[details]}</dim>\n"
    "{extra[trace]}"
)
SHARED_LEVELS = frozenset({"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"})  # of loguru and the standard library
QUIET = {  # libraries that say more than an operator can use
    "asyncio": "WARNING",
    "fontTools": "ERROR",
    # Clients of models, and servers: at DEBUG they would show what is sent.
    "anthropic": "WARNING",
    "google_genai": "WARNING",
    "httpcore": "WARNING",
    "httpcore2": "WARNING",
    "httpx": "WARNING",
    "httpx2": "WARNING",
    "mcp": "ERROR",  # below, it would show what an assistant asked with wrong arguments
    "multipart": "WARNING",
    "openai": "WARNING",
    "opentelemetry": "WARNING",
    # Every failed attempt is one to them; `telemetry.otlp` tells it once. They would also show headers.
    "opentelemetry.exporter": "CRITICAL",
    "opentelemetry.util.re": "CRITICAL",
    "pdfminer": "ERROR",
    "presidio-analyzer": "WARNING",
    "PIL": "WARNING",
    "sse_starlette": "WARNING",
    "urllib3": "ERROR",
    "uvicorn.error": "INFO",  # at DEBUG it would show the headers of WebSockets, keys and cookies among them
    "voyage": "WARNING",
}


def configure_logging(level: str, style: Style = "auto") -> None:
    """Log from `level` on to standard error. May be called again; the last call decides."""
    is_terminal = sys.stderr.isatty()
    is_coloured = is_terminal and not os.environ.get("NO_COLOR")
    for_people = style == "people" or (style == "auto" and is_terminal)
    logger.configure(
        handlers=[
            {
                "sink": _write if for_people else _write_json,
                "level": level,
                "format": _for_people if for_people else "{message}",
                "colorize": for_people and is_coloured,
                "backtrace": False,
                "diagnose": False,  # it would show the values of variables
            }
        ],
        patcher=_prepare,
    )
    _intercept(level)


class Intercept(logging.Handler):
    """Hands the standard library's records to loguru."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            message = record.getMessage()
        except (TypeError, ValueError):
            message = str(record.msg)  # its arguments do not fit it

        def rename(line: "Record") -> None:
            line["name"] = record.name

        level: str | int = record.levelname if record.levelname in SHARED_LEVELS else record.levelno
        logger.patch(rename).opt(exception=record.exc_info).log(level, "{}", message)


def _intercept(level: str) -> None:
    known = logging.getLevelNamesMapping()
    logging.basicConfig(handlers=[Intercept()], level=known.get(level, logging.DEBUG), force=True)
    logging.captureWarnings(True)
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(max(known[least], logging.getLogger().level))


def _prepare(record: "Record") -> None:
    context = trace.get_current_span().get_span_context()
    record["message"] = redacted(record["message"])
    record["extra"] = redacted_fields(record["extra"]) | {
        "trace_id": trace.format_trace_id(context.trace_id) if context.is_valid else None,
        "span_id": trace.format_span_id(context.span_id) if context.is_valid else None,
        "request_id": request_id.get(),
    }


def _write(message: "Message") -> None:
    # Looked up each time: a progress bar puts itself in its place.
    sys.stderr.write(message)


def _write_json(message: "Message") -> None:
    sys.stderr.write(json.dumps(_flat(message.record), default=_shown, skipkeys=True) + "\n")


def _flat(record: "Record") -> dict[str, Any]:
    line: dict[str, Any] = {
        "time": record["time"].astimezone(UTC).isoformat(timespec="microseconds"),
        "level": record["level"].name,
        "logger": record["name"],
        "message": record["message"],
    }
    if record["exception"]:
        line["exception"] = _trace(record)
    return line | {f"{name}_" if name in line else name: value for name, value in record["extra"].items()}


def _for_people(record: "Record") -> str:
    details = (f"{name}={_shown(value)}" for name, value in record["extra"].items() if value is not None)
    record["extra"] |= {
        "details": _printable(" ".join(details)),
        "shown": _printable(record["message"].strip()),
        "trace": _trace(record),
    }
    return PEOPLE


def _trace(record: "Record") -> str:
    """Of the exception, without the personal data that its message may quote."""
    caught = record["exception"]
    return redacted("".join(traceback.format_exception(caught.value))) if caught else ""


def _shown(value: object) -> str:
    # What was a text of its own is redacted by now; what becomes one only here is not.
    return value if isinstance(value, str) else redacted(str(value))


def _printable(text: str) -> str:
    """Line ends and terminal commands escaped: a file's name cannot forge a line."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
