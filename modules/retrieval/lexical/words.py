"""The words of a text as people spell them, for a vocabulary to correct questions by."""

from footnote.modules.retrieval.lexical.tokens import LETTERS, PIECES, WORD, folded, runs

SHORTEST, LONGEST = 4, 40  # letters


def words_of(text: str) -> set[str]:
    """Folded, letters only; none of scripts that put no spaces between words."""
    spelled = " ".join(run for run in runs(folded(text)) if not PIECES.match(run))
    return {word for word in WORD.findall(spelled) if SHORTEST <= len(word) <= LONGEST and LETTERS.fullmatch(word)}
