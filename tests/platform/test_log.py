import logging
import warnings

import pytest
from loguru import logger
from opentelemetry.sdk.trace import TracerProvider
from support.logs import json_line
from support.logs import restored_logging as restored_logging

from footnote.platform.context import request_id
from footnote.platform.log import configure_logging
from footnote.platform.secrets import Secret

tracer = TracerProvider(shutdown_on_exit=False).get_tracer(__name__)


pytestmark = pytest.mark.usefixtures("restored_logging")


def test_a_line_is_flat_json_with_what_was_bound(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    logger.bind(document_id="d1").info("extracted")
    line = json_line(capsys)
    assert (line["level"], line["message"], line["logger"], line["document_id"]) == (
        "INFO",
        "extracted",
        __name__,
        "d1",
    )
    assert line["time"].endswith("+00:00")


def test_a_line_carries_the_ids_of_its_span_and_request(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    token = request_id.set("r1")
    with tracer.start_as_current_span("ask") as span:
        logger.info("asked")
    request_id.reset(token)
    line, context = json_line(capsys), span.get_span_context()
    assert (int(line["trace_id"], 16), int(line["span_id"], 16)) == (context.trace_id, context.span_id)
    assert line["request_id"] == "r1"


def test_without_span_and_request_the_ids_are_null(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    logger.info("started")
    line = json_line(capsys)
    assert (line["trace_id"], line["span_id"], line["request_id"]) == (None, None, None)


def test_what_was_bound_does_not_cover_the_line_itself(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    logger.bind(message="forged", level="forged").info("real")
    line = json_line(capsys)
    assert (line["message"], line["level"], line["message_"]) == ("real", "INFO", "forged")


def test_whatever_is_bound_makes_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    logger.bind(a=object(), b={(1, 2): 3}, c="\ud800", d=1 << 100, e=b"\xff", f=Secret("hunter2")).info("odd")
    line = json_line(capsys)
    assert (line["c"], line["d"], line["f"]) == ("\ud800", 1 << 100, "***")


def test_an_exception_is_text_without_the_values_of_variables(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    password = "hunter" + str(2)
    try:
        password.index("x")
    except ValueError:
        logger.exception("failed")
    exception = json_line(capsys)["exception"]
    assert "ValueError: substring not found" in exception
    assert "hunter2" not in exception


def test_the_standard_library_logs_to_the_same_place(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    logging.getLogger("uvicorn.error").info("%s {braces} <red>", "from uvicorn")
    line = json_line(capsys)
    assert (line["logger"], line["message"]) == ("uvicorn.error", "from uvicorn {braces} <red>")


def test_a_library_that_formats_wrongly_still_logs(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    logging.getLogger("library").warning("%d pages", "many")
    assert json_line(capsys)["message"] == "%d pages"


def test_warnings_are_log_lines(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn("deprecated", stacklevel=1)
    assert json_line(capsys)["logger"] == "py.warnings"


@pytest.mark.parametrize(
    ("name", "level"),
    [("pdfminer.psparser", logging.WARNING), ("mcp.server.mcpserver", logging.INFO), ("library", logging.DEBUG)],
)
def test_chatter_is_not_logged(capsys: pytest.CaptureFixture[str], name: str, level: int) -> None:
    configure_logging("INFO", "json")
    logging.getLogger(name).log(level, "chatter")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "name", ["anthropic", "google_genai.models", "httpx2", "mcp.server.sse", "openai", "uvicorn.error"]
)
def test_what_is_sent_is_not_logged(capsys: pytest.CaptureFixture[str], name: str) -> None:
    configure_logging("DEBUG", "json")
    logging.getLogger(name).debug("Request options: Who was it?")
    assert capsys.readouterr().err == ""


def test_people_read_a_line_with_its_details(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "people")
    with tracer.start_as_current_span("ask") as span:
        logger.bind(document_id="d1").warning("skipped {braces} <red>")
    (line,) = capsys.readouterr().err.splitlines()
    assert "WARNING  skipped {braces} <red> document_id=d1" in line
    assert f"trace_id={span.get_span_context().trace_id:032x}" in line


def test_what_was_bound_cannot_forge_a_line_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "people")
    logger.bind(title="a\n12:00 ERROR forged\x1b[31m{title}<red>é").info("uploaded")
    (line,) = capsys.readouterr().err.splitlines()
    assert r"title=a\n12:00 ERROR forged\x1b[31m{title}<red>é" in line


def test_off_a_terminal_the_log_is_json_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO")
    logger.info("started")
    assert json_line(capsys)["message"] == "started"


def test_configuring_again_replaces(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    configure_logging("ERROR", "json")
    logger.info("quiet")
    logging.getLogger("library").error("once")
    assert json_line(capsys)["message"] == "once"
