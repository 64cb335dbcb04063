"""Logging as it was before, and what a line of it says."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from loguru import logger


@pytest.fixture
def restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(False)
    logger.remove()
    root.handlers, root.level = handlers, level


def json_line(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    (line,) = capsys.readouterr().err.splitlines()
    return dict(json.loads(line))
