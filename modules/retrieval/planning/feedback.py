"""Words that the best passages have more than the others: what the question may be about, though it lacks them."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from footnote.modules.retrieval.lexical.tokens import LETTERS, PIECES, WORD, folded
from footnote.modules.retrieval.models import Passage
from footnote.platform.stop_words import STOP_WORDS

TRUSTED = 5  # passages that are taken to be relevant
ADDED = 5  # words
SHORTEST = 3  # letters
FEWEST = 2 * TRUSTED  # passages, for fewer say nothing of what is usual


def widened(question: str, found: Sequence[Passage]) -> str | None:
    """The question with what its best passages speak of; None if they tell nothing.

    Source: Lavrenko and Croft, Relevance-Based Language Models, 2001; how rare a word is, is taken from what was found.
    """
    if len(found) < FEWEST:
        return None
    counts = [Counter(_words(f"{passage.title} {passage.text}")) for passage in found]
    having = Counter(word for each in counts for word in each)
    weights: dict[str, float] = defaultdict(float)
    for passage, words in zip(found[:TRUSTED], counts[:TRUSTED], strict=True):
        for word, times in words.items():
            weights[word] += passage.score * times / words.total() * math.log(len(found) / having[word])
    known = set(_words(question))
    told = sorted((-weight, word) for word, weight in weights.items() if weight > 0 and word not in known)
    return " ".join([question, *(word for _, word in told[:ADDED])]) if told else None


def _words(text: str) -> list[str]:
    return [
        word
        for word in WORD.findall(folded(text))
        if len(word) >= SHORTEST and LETTERS.fullmatch(word) and not PIECES.search(word) and word not in STOP_WORDS
    ]
