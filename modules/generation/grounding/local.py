"""The verifier that needs no network: rules for facts, and a calibrated probability for the rest."""

import asyncio
import math
from collections.abc import Sequence

import msgspec

from footnote.modules.generation.grounding import Claim, Support
from footnote.modules.generation.grounding.features import Everything, Features, Reading, asked, known_names, read
from footnote.modules.generation.grounding.likeness import WordLikeness
from footnote.modules.generation.grounding.tokens import Token, tokens
from footnote.modules.generation.grounding.weights import BIAS, REPEATING, REPEATING_BIAS, THRESHOLD, WEIGHTS
from footnote.modules.generation.grounding.windows import forget, is_instruction, pieces, windows

NOTHING = Support(probability=0.0, is_supported=False, reason="no evidence")
WORTH_EMBEDDING = 0.4  # coverage below which like words do not help
LESS = 0.15  # coverage by which a sentence may be behind another one and still be what the claim is about
MOST_STRAY = 0.2  # share of the claim's words of content
LIKE = 0.3  # cosine of two words
SUPPOSED_SOFT, SUPPOSED_ALIGNED = 0.5, 0.8  # cosines
MOST_LOST = 4  # words that may be only alike
MOST_WORDS, MOST_FACTS = 500, 120  # of a sentence; characters where words are not parted, and names and numbers


class LocalVerifier:
    """Implements `Verifier`. Without `likeness` words are alike only if their stems are the same.

    A number, date, name or negation that the evidence has not, or has elsewhere, makes a claim unsupported whatever
    else it says.
    """

    def __init__(self, likeness: WordLikeness | None = None, *, threshold: float = THRESHOLD) -> None:
        self._likeness = likeness
        self.threshold = threshold

    async def judge(self, claims: Sequence[Claim]) -> list[Support]:
        readings = await self.readings(claims)
        return [self._support(reading) for reading in readings]

    async def readings(self, claims: Sequence[Claim]) -> list[Reading | None]:
        """How each claim is read at its best; nothing, where no sentence shares a word with it."""
        found = await asyncio.to_thread(lambda: [_readings(claim) for claim in claims]) if claims else []
        best = [_best(each) for each in found]
        if self._likeness:
            open_ = [(row, reading) for row, reading in enumerate(best) if reading and _is_open(reading)]
            softened = await _softened(self._likeness, [(claims[row], reading) for row, reading in open_])
            for (row, _), reading in zip(open_, softened, strict=True):
                best[row] = reading
            return best
        return [_supposed(reading) if reading and _is_open(reading) else reading for reading in best]

    def forget(self) -> None:
        forget()
        if self._likeness:
            self._likeness.forget()

    def _support(self, reading: Reading | None) -> Support:
        if reading is None:
            return NOTHING
        chance = probability(reading.features)
        reason = next((name for name, count in reading.conflicts._asdict().items() if count), "")
        is_supported = not reason and chance >= self.threshold and not _strays(reading)
        return Support(
            probability=round(chance, 4),
            is_supported=is_supported,
            reason="" if is_supported else reason or "words",
        )


def disagreement(reading: Reading | None) -> str:
    """In which facts the claim and its source differ, if in any; no source to compare with is one, too."""
    if reading is None:
        return NOTHING.reason
    against = reading.conflicts
    return "names" if against.names else "numbers" if against.numbers else "polarity" if against.polarity else ""


def probability(features: Features) -> float:
    """In [0, 1]."""
    bias, weights = (REPEATING_BIAS, REPEATING) if features.repeats else (BIAS, WEIGHTS)
    pairs = zip(msgspec.structs.astuple(weights), msgspec.structs.astuple(features), strict=True)
    return 1 / (1 + math.exp(-bias - sum(weight * feature for weight, feature in pairs)))


def _best(found: Sequence[Reading]) -> Reading | None:
    """Of those that have about as much of the claim as any, the likeliest that contradicts it in nothing."""
    most = max((reading.features.coverage for reading in found), default=0.0)
    near = [reading for reading in found if reading.features.coverage >= most - LESS]
    return max(near, key=lambda reading: (not reading.conflicts.any, probability(reading.features)), default=None)


def is_endless(claim: Sequence[Token]) -> bool:
    """Whether nobody writes such a sentence; to look at all of it would take seconds."""
    return len(claim) > MOST_WORDS or sum(token.is_fact for token in claim) > MOST_FACTS


def _readings(claim: Claim) -> list[Reading]:
    split = tokens(claim.text)
    if not split or is_endless(split) or is_instruction(claim.text):
        return []
    found = pieces([evidence.text for evidence in claim.evidence])
    question = asked(claim.question)
    title = tokens(" ".join(evidence.title for evidence in claim.evidence))
    everything = Everything(found)
    return [
        read(split, window, question, known_names(window, found, title), everything) for window in windows(split, found)
    ]


def _is_open(reading: Reading) -> bool:
    """Whether it hangs on words that are not the source's own."""
    return (
        0 < len(reading.lost) <= MOST_LOST
        and not reading.conflicts.any
        and not reading.features.repeats
        and reading.features.coverage >= WORTH_EMBEDDING
    )


async def _softened(likeness: WordLikeness, found: Sequence[tuple[Claim, Reading]]) -> list[Reading]:
    lost = [[reading.alignment.claim[place] for place in reading.lost] for _, reading in found]
    texts = [(claim.text, _text_of(claim, reading)) for claim, reading in found]
    alike = await likeness.of_words(
        [([token.lower for token in row], reading.left) for row, (_, reading) in zip(lost, found, strict=True)]
    )
    aligned = await likeness.of(texts, [[(token.start, token.end) for token in row] for row in lost])
    return [
        msgspec.structs.replace(reading, features=_with_likeness(reading, cosines, of_tokens))
        for (_, reading), cosines, of_tokens in zip(found, alike, aligned, strict=True)
    ]


def _strays(reading: Reading) -> bool:
    """Whether much of the claim is words that nothing of what the source says beside resembles."""
    content = sum(token.kind != "function" for token in reading.alignment.claim)
    is_like = reading.features.weakest >= LIKE or reading.features.repeats
    return len(reading.lost) > MOST_STRAY * content and not is_like


def _text_of(claim: Claim, reading: Reading) -> str:
    return " ".join(
        claim.evidence[piece.passage].text[piece.start : piece.end] for piece in sorted(reading.window.pieces)
    )


def _supposed(reading: Reading) -> Reading:
    """Where nothing compares words, as if the lost ones were a little like others."""
    features = msgspec.structs.replace(reading.features, soft=SUPPOSED_SOFT, aligned=SUPPOSED_ALIGNED)
    return msgspec.structs.replace(reading, features=features)


def _with_likeness(reading: Reading, alike: Sequence[float], aligned: Sequence[float]) -> Features:
    return msgspec.structs.replace(
        reading.features,
        soft=sum(alike) / len(alike) if alike else 0.0,
        weakest=min(alike, default=1.0),
        aligned=min(aligned, default=1.0),
    )
