"""What a model is asked: a prompt for one that reads, a task for one that quotes, and always both."""

import msgspec

from footnote.modules.generation.chatting import numbered
from footnote.modules.generation.conversations import Turn
from footnote.modules.generation.models import Question
from footnote.modules.generation.planning import Limits
from footnote.modules.generation.prompting import Abstentions, Prompt, Task, rendered
from footnote.modules.retrieval import Context, estimated_tokens
from footnote.platform.inference import ChatModel, ChatRequest, Quoting

RESERVE = 256  # tokens, for what a provider puts around messages, and for a wrong estimate
EFFORT = "medium"  # of thoughts that somebody wants to see


class Requests:
    def __init__(self, limits: Limits, abstentions: Abstentions) -> None:
        self._limits = limits
        self._abstentions = abstentions

    def budget(self, model: ChatModel, prompt: Prompt, question: Question, turn: Turn) -> int:
        """Tokens that all passages may have together in a prompt for `model`."""
        request = rendered(prompt, self._task(question, turn), self._abstentions)
        taken = estimated_tokens(request.system) + sum(estimated_tokens(each.text) for each in request.messages)
        return max(0, min(self._limits.context_tokens, model.context_tokens - request.max_tokens - taken - RESERVE))

    def request(self, prompt: Prompt, question: Question, turn: Turn, context: Context, *, thinks: bool) -> ChatRequest:
        sources = numbered(context.passages)
        ordered = tuple(sources[place] for place in context.order)
        task = msgspec.structs.replace(self._task(question, turn), sources=ordered)
        quoting = Quoting(
            question=turn.asked,
            sources=ordered,
            max_sentences=task.max_sentences,
            max_words=task.max_words,
        )
        request = rendered(prompt, task, self._abstentions)
        return msgspec.structs.replace(
            request, quoting=quoting, thoughts=thinks, effort=EFFORT if thinks else request.effort
        )

    def max_sentences(self, question: Question) -> int:
        return question.options.max_sentences or self._limits.max_sentences

    def _task(self, question: Question, turn: Turn) -> Task:
        return Task(
            question=turn.asked,
            history=turn.history,
            summary=turn.summary,
            memories=turn.memories,
            wishes=question.instructions,
            max_sentences=self.max_sentences(question),
            max_words=self._limits.max_words,
        )
