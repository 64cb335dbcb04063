"""Tests that need a program of the system."""

import os
import shutil

import pytest

_REQUIRED = "FOOTNOTE_REQUIRE_SYSTEM"  # as set where such tests must not be skipped


def need(program: str) -> None:
    """Skips the test where `program` is missing; fails it in CI, which promises to have it."""
    if shutil.which(program):
        return
    missing = f"{program} is not installed; `make system` installs it"
    if os.environ.get(_REQUIRED) or os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)
