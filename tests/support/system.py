"""Tests that need a program or a server of the system."""

import os
import shutil
from typing import NoReturn

import pytest

_REQUIRED = "FOOTNOTE_REQUIRE_SYSTEM"  # as set where such tests must not be skipped


def need(program: str) -> None:
    """Skips the test where `program` is missing; fails it in CI, which promises to have it."""
    if not shutil.which(program):
        missing(f"{program} is not installed; `make system` installs it")


def missing(what: str) -> NoReturn:
    """Skips the test, and says why; fails it in CI."""
    if os.environ.get(_REQUIRED) or os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)
