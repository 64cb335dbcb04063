"""Questions for a code: what stands where the code stands is meant, and its meaning says little."""

import re
from collections.abc import Sequence

from footnote.modules.retrieval.lexical.phrases import all_held, phrases
from footnote.modules.retrieval.lexical.tokens import PIECES
from footnote.modules.retrieval.models import Passage
from footnote.modules.retrieval.planning.periods import periods
from footnote.platform.stop_words import STOP_WORDS

WORDS = 6  # of a question, stop words aside; of a longer one a code is but a part
RUN = re.compile(r"(?:§{1,2}\s?|(?<![\w.])\.(?=[^\W\d_]))?\w+(?:[-‐‑–./:@&,+_]\w+)*[+#]{0,2}")
CODE = re.compile(
    r"(?=.*\d)(?=.*[^\W\d_]).*"  # letters and digits
    r"|\d+(?:[-‐‑–./:_,]\d+)+"  # digits in groups
    r"|\d{3,}"
    r"|§.*|\w+(?:\+\+|#)"
    r"|\..*"  # ".NET", which is no net
)

SIGN = re.compile(r"[\d§#+.]")  # each of these has one
BETWEEN = re.compile(r"[\s./×-]+|\s?x\s?", re.I)

LABEL = re.compile(
    r"\b(?:sections?|sec|articles?|art|paragraphs?|para|clauses?|abschnitt|artikel|absatz|ziffer|sección|artículo)\b",
    re.I,
)


def codes(question: str) -> tuple[str, ...]:
    """The codes that it asks for, as typed; none where other words, quotes or a period say what is meant."""
    if not SIGN.search(question):
        return ()
    apart = PIECES.sub(r" \g<0> ", question)
    words = [word for word in RUN.finditer(apart) if word.group().casefold() not in STOP_WORDS]
    found = [word.span() for word in words if CODE.fullmatch(word.group())]
    if not found or len(words) > WORDS or 2 * len(found) < len(words) or phrases(question) or any(periods(question)[:]):
        return ()
    return tuple(dict.fromkeys(apart[start:end] for start, end in _joined(apart, found)))


def asked_alone(question: str, codes: Sequence[str]) -> str:
    """The codes in quotes; those of sections also with the sign of one, which most write instead."""
    signs = [f"§ {code}" for code in codes if code[0].isdigit()] if LABEL.search(question) else []
    return " ".join((*(f'"{code}"' for code in codes), *signs))


def _joined(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those with nothing but spaces and signs of codes between them are parts of one: "AB-1234 / 5.6"."""
    whole: list[tuple[int, int]] = []
    for start, end in spans:
        if whole and BETWEEN.fullmatch(text, whole[-1][1], start):
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((start, end))
    return whole


def holding(passages: Sequence[Passage], codes: Sequence[str]) -> list[Passage]:
    """Those that have each of `codes` in their text or above it, as they stand."""
    return [
        each
        for each in passages
        if all_held(codes, (each.text, "\n".join((each.title, *each.heading_path, each.context))))
    ]
