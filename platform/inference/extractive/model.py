"""A chat model that quotes."""

from collections.abc import AsyncGenerator, Sequence

from footnote.platform.inference import ChatEvent, ChatRequest, Quoting, Started, Stop, TextDelta, Usage
from footnote.platform.inference.extractive.candidates import Candidate
from footnote.platform.inference.extractive.ranking import Ranking, SentenceRanker
from footnote.platform.inference.extractive.selection import Scored, selection
from footnote.platform.telemetry.model_calls import model_call


class ExtractiveModel:
    """Implements `ChatModel`: its draft is the best sentences of the sources, best first, one a line."""

    name = "local:extractive"
    context_tokens = 1_000_000  # it reads passage by passage

    def __init__(self, ranker: SentenceRanker) -> None:
        self._ranker = ranker

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ChatEvent]:
        yield Started(model=self.name)
        with model_call("chat", self.name):
            quoted = await self._quoted(request.quoting) if request.quoting else ()
        for candidate in quoted:
            yield TextDelta(f"{candidate.text} [{candidate.source.number}]\n")
        yield Usage()
        yield Stop(reason="end" if quoted else "abstained")

    async def _quoted(self, task: Quoting) -> Sequence[Candidate]:
        ranking = await self._ranker.rank(task.question, task.sources)
        return quoted(ranking, max_sentences=task.max_sentences, max_words=task.max_words)


def quoted(ranking: Ranking, *, max_sentences: int, max_words: int) -> list[Candidate]:
    """What of `ranking` answers the question."""
    scored = [Scored(sentence.candidate, sentence.score) for sentence in ranking.sentences]
    return selection(scored, max_sentences=max_sentences, max_words=max_words)
