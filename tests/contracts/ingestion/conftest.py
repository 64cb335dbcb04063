"""The slice on each store."""

from pathlib import Path

import pytest
from support.ingesting import Slice, ingestion_on
from support.meanwhile import Meanwhile
from support.stores import Store


@pytest.fixture
def ingestion(store: Store, tmp_path: Path) -> Slice:
    return ingestion_on(store, tmp_path)


@pytest.fixture
def meanwhile(store: Store, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    return Meanwhile(store, monkeypatch)
