import logging
from typing import Any

import pytest
from loguru import logger
from support.logs import json_line
from support.logs import restored_logging as restored_logging

from footnote.platform.log import configure_logging
from footnote.platform.safety.redaction import LONGEST, redacted

pytestmark = pytest.mark.usefixtures("restored_logging")


def test_a_message_says_no_personal_data(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    logging.getLogger("library").warning("mail to %s failed", "jane@example.org")
    assert json_line(capsys)["message"] == "mail to [email] failed"


def test_what_is_bound_says_none_however_deep(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    logger.bind(title="IBAN DE89370400440532013000", found=[{"a": "tel. +49 30 901820"}], count=3).info("read")
    line = json_line(capsys)
    assert (line["title"], line["found"], line["count"]) == ("IBAN [iban]", [{"a": "tel. [phone]"}], 3)


def test_a_field_named_after_a_secret_is_masked(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    logger.bind(api_key="abc", token="t", tokens=7).info("called")
    line = json_line(capsys)
    assert (line["api_key"], line["token"], line["tokens"]) == ("[secret]", "[secret]", 7)


@pytest.mark.parametrize("style", ["json", "people"])
def test_an_exception_says_none(capsys: pytest.CaptureFixture[str], style: Any) -> None:
    configure_logging("INFO", style)
    try:
        raise ValueError("no account of " + "jane@" + "example.org")
    except ValueError:
        logger.exception("failed")
    written = capsys.readouterr().err
    assert "ValueError: no account of [email]" in written
    assert "jane@example.org" not in written


def test_an_object_that_becomes_text_says_none(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    logger.bind(cause=ValueError("jane@example.org")).info("failed")
    assert json_line(capsys)["cause"] == "[email]"


@pytest.mark.parametrize(
    "text",
    [
        "serving on http://127.0.0.1:8000",
        "GET /api/v1/documents/019a1b2c-3d4e-7f00-8000-123456789012 200 in 12.34 ms from 192.168.1.5",
        "2026-11-22 00:10:03 1234 of 5678 pages, 12 345 678 bytes",
        "input_tokens=1024 max_tokens: 2048",
    ],
)
def test_what_an_operator_needs_stays(text: str) -> None:
    assert redacted(text) == text


def test_of_a_very_long_text_beginning_and_end_are_logged() -> None:
    text = redacted("start" + "x" * 2 * LONGEST + " jane@example.org")
    assert len(text) < LONGEST + 10
    assert (text[:5], text[-7:]) == ("start", "[email]")
