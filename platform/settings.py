"""Settings: defaults, then a TOML file, then the environment, into one frozen struct."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from footnote.platform.secrets import decode_secret

S = TypeVar("S", bound=msgspec.Struct)


class InvalidSettings(Exception):
    """Every wrong setting at once, a line each."""
