"""Where embeddings are compared, beside a store in SQLite."""

from pathlib import Path

from footnote.config.settings import Settings
from footnote.modules.retrieval.repository.vector_store import VectorStore
from footnote.platform.errors import FootnoteError

FOLDER = "vectors"


class LanceMissing(FootnoteError):
    title = "LanceDB is not there"

    def __init__(self) -> None:
        super().__init__(
            "FOOTNOTE_VECTORS asks for it. Get it with `make lancedb` or `pip install 'footnote[lancedb]'`, or leave "
            "the setting at memory."
        )


def open_vectors(settings: Settings, home: Path) -> VectorStore | None:
    """None: in memory.

    Raises:
        LanceMissing: It is not installed.
        StoreUnavailable: Its folder cannot be used.
    """
    if settings.vectors == "memory":
        return None
    try:
        from footnote.modules.retrieval.repository.lancedb import LanceVectors
    except ModuleNotFoundError:
        raise LanceMissing from None
    return LanceVectors(home / FOLDER)
