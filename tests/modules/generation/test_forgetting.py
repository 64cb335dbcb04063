"""What a verifier remembers of passages goes with a deleted document."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from footnote.config.forgetting import Forgetting
from footnote.modules.generation.grounding import Claim, Evidence
from footnote.modules.generation.grounding.judging import ModelVerifier
from footnote.modules.generation.grounding.likeness import WordLikeness
from footnote.modules.generation.grounding.local import LocalVerifier
from footnote.modules.generation.grounding.windows import _sentences
from footnote.platform.events import DocumentDeleted
from footnote.platform.inference import EmbeddedTokens

GONE = DocumentDeleted(tenant="acme", document_id="mars")
CLAIM = Claim(text="Mars has two little moons.", evidence=(Evidence(text="Mars has two small moons."),))


class Embedding:
    """Embeds and splits every text alike; `seen` are those that it was asked for."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.meanwhile: Callable[[], None] = lambda: None

    async def embed(self, texts: Sequence[str], *, kind: str) -> Any:
        self.seen += texts
        self.meanwhile()
        return np.ones((len(texts), 2), np.float32)

    async def embed_tokens(self, texts: Sequence[str], *, kind: str) -> list[EmbeddedTokens]:
        self.seen += texts
        self.meanwhile()
        return [EmbeddedTokens(np.ones(2, np.float32), np.ones((9, 2), np.float32)) for _ in texts]

    def spans(self, text: str) -> list[tuple[int, int]]:
        return [(0, len(text))]


async def test_after_a_deletion_nothing_of_a_passage_is_remembered() -> None:
    model: Any = Embedding()
    nobody: Any = None
    rules = LocalVerifier(WordLikeness(model, model))
    forgetting = Forgetting(nobody, [ModelVerifier(nobody, rules).forget])
    await rules.judge([CLAIM])
    asked, remembered = len(model.seen), _sentences.cache_info().currsize
    await rules.judge([CLAIM])
    assert len(model.seen) == asked > 0 < remembered
    assert await forgetting.told(nobody, GONE) == {}
    assert _sentences.cache_info().currsize == 0
    await rules.judge([CLAIM])
    assert len(model.seen) == 2 * asked


async def test_a_deletion_disturbs_nobody_who_compares_words_meanwhile() -> None:
    model: Any = Embedding()
    likeness = WordLikeness(model, model)
    await likeness.of_words([(["two"], ["moons"])])
    await likeness.of([("two", "moons")], [[(0, 3)]])
    model.meanwhile = likeness.forget
    assert await likeness.of_words([(["two"], ["small"])]) == [[1.0]]
    assert await likeness.of([("two", "small")], [[(0, 3)]]) == [[pytest.approx(1.0)]]
