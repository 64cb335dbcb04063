"""The reranker that asks a model for the order."""

from collections.abc import Sequence

import numpy as np

from footnote.platform.inference import Relevance, TextModel
from footnote.platform.inference.calls.errors import ModelFailed
from footnote.platform.inference.listwise.prompt import parse_ranking, ranking_prompt

WINDOW = 20  # passages that are shown together
STEP = 10  # by which the next window is nearer to the front
TOKENS = 8  # of the answer for each passage, at most


class ListwiseReranker:
    """Implements `Reranker`. More passages than a window are sorted from the end to the front, in windows that overlap.

    So the best of the last rise through all windows. A score says the place in the order and nothing more.
    Source: Sun et al., "Is ChatGPT Good at Search?", 2023 (sliding windows).
    """

    def __init__(self, model: TextModel, *, window: int = WINDOW, step: int = STEP) -> None:
        self.name = model.name
        self._model = model
        self._window = window
        self._step = step

    async def close(self) -> None:
        """The model is for whoever gave it to close."""

    async def rerank(self, query: str, texts: Sequence[str]) -> Relevance:
        order = list(range(len(texts)))
        end = len(order)
        while end > 1:
            start = max(0, end - self._window)
            shown = order[start:end]
            places = await self._ranked(query, [texts[row] for row in shown])
            order[start:end] = [shown[place] for place in places]
            if start == 0:
                break
            end -= self._step
        scores = np.empty(len(texts), np.float32)
        scores[order] = np.arange(len(texts), 0, -1) / max(1, len(texts))
        return scores

    async def _ranked(self, query: str, texts: Sequence[str]) -> list[int]:
        answer = await self._model.complete(ranking_prompt(query, texts), max_tokens=TOKENS * len(texts) + 64)
        places = parse_ranking(answer, len(texts))
        if places is None:
            raise ModelFailed(f"{self.name} answered with something that is no order of the passages.", model=self.name)
        return places
