"""Whether an embedder can be trusted with a question."""

from collections.abc import Collection
from functools import lru_cache

from footnote.platform.inference import Embedder
from footnote.platform.language import language_of

ENOUGH = 1000  # characters to tell a language by: the event loop waits for it, several times a search


def is_known_language(question: str, embedder: Embedder) -> bool:
    """Whether the embedder was made for the language of `question`; yes where either cannot be told.

    One that was made for some only has them as `languages`, ISO 639-1. To look for a protocol would take 50 µs.
    """
    languages: Collection[str] | None = getattr(embedder, "languages", None)
    if languages is None:
        return True
    language = _language_of(question[:ENOUGH])
    return language is None or language in languages


@lru_cache(maxsize=64)
def _language_of(question: str) -> str | None:
    return language_of(question)
