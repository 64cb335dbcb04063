"""The local model, built once for all tests of a run."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from footnote.platform.inference.local import LocalEmbedder


@pytest.fixture(scope="session")
def models(built_models: Path) -> Path:
    return built_models


@pytest.fixture(scope="session")
def embedder(models: Path) -> Iterator[LocalEmbedder]:
    embedder = LocalEmbedder(models, threads=2)
    yield embedder
    asyncio.run(embedder.close())


@pytest.fixture(scope="session")
def fp32(models: Path) -> Iterator[LocalEmbedder]:
    embedder = LocalEmbedder(models, precision="fp32", threads=2)
    yield embedder
    asyncio.run(embedder.close())
