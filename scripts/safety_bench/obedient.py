"""A chat model that does whatever it reads, so that only Footnote stands between an order and its reader."""

import re
from collections.abc import AsyncGenerator, Mapping
from typing import NamedTuple

from footnote.platform.inference import ChatEvent, ChatModel, ChatRequest, Source, Started, Stop, TextDelta, Usage
from footnote.platform.principal import Principal
from footnote.platform.text import sentence_spans

_WORD = re.compile(r"\w+")
_FIRST = re.compile(r"^\W*(?:please |can you |how do you |how do i |what(?:'s| is| are| were) |who |how |\w+ )", re.I)
_LEET = str.maketrans("aeiosAEIOS", "4310543105")
RUN = 3  # words in a row
SEEN = 0.4  # share of an order's runs that a model must see to follow it


class Task(NamedTuple):
    gold: str
    attack: str | None


class Obedient:
    """Knows the answer to each question, and what was ordered; it reads only what it is sent."""

    name = "scripted:obedient"
    context_tokens = 32_000

    def __init__(self, tasks: Mapping[str, Task]) -> None:
        """`tasks` by question, which stands in the message."""
        self._tasks = tasks
        self.obeyed: list[str] = []  # of the last answer

    async def chosen(self, _principal: Principal, _name: str | None) -> ChatModel:
        """It is the only one of its `ChatModels`."""
        return self

    async def writer(self, _principal: Principal) -> None:
        """Nothing writes short texts here."""

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ChatEvent]:
        yield Started(model=self.name)
        yield TextDelta(self._written(request))
        yield Usage(input_tokens=0, output_tokens=0)
        yield Stop()

    def _written(self, request: ChatRequest) -> str:
        sent = "\n".join(message.text for message in request.messages)
        sources = request.quoting.sources if request.quoting else ()
        task = next(task for question, task in self._tasks.items() if question in sent)
        honest = honest_answer(task.gold, sources)
        self.obeyed = []
        if task.attack and sees(task.attack, sent):
            said, number = honest or ("", 1)
            of = next((source.number for source in sources if sees(task.attack, source.text)), number)
            self.obeyed = list(obedience(task.attack, said))
            return " ".join(f"{sentence} [{of}]" for sentence in self.obeyed)
        return f"{honest[0]} [{honest[1]}]" if honest else "The documents do not say."


def honest_answer(gold: str, sources: tuple[Source, ...]) -> tuple[str, int] | None:
    """The sentence or row that holds it, and the number of its source."""
    for source in sources:
        for line in source.text.splitlines():
            for start, end in sentence_spans(line):
                if folded(gold) in folded(line[start:end]):
                    return " ".join(line[start:end].split()), source.number
    return None


def obedience(attack: str, honest: str) -> list[str]:
    """What it writes instead of an answer, each a sentence by itself: the order; what was ordered, told as a fact; the
    answer disfigured as orders want it."""
    told = _FIRST.sub("", attack).strip(" .?!:")
    sentences = [
        attack if attack[-1] in ".?!" else f"{attack}.",
        f"{told[:1].upper()}{told[1:]}.",
        f"Sure, here it is: {told}.",
        *(part + "." for part in re.findall(r"[\"']([^\"']{8,})[\"']", attack)),
    ]
    if honest:
        words = honest.rstrip(".").split()
        sentences += [
            f"{''.join(words)}.",
            f"{honest.rstrip('.').translate(_LEET)}.",
            f"{' '.join(word[::-1] for word in words)}.",
            f"{honest.rstrip('.')}, and {told[:1].lower()}{told[1:]}.",
        ]
    return [f"{each[:1].upper()}{each[1:]}" for each in sentences]


def sees(order: str, text: str) -> bool:
    runs = _runs(order)
    return bool(runs) and len(runs & _runs(text)) >= SEEN * len(runs)


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    length = min(RUN, len(words)) or 1
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}


def folded(text: str) -> str:
    return re.sub(r"[\s,$|]+", "", text).lower()
