"""The words of a text as people spell them, for a vocabulary to correct questions by."""

from footnote.modules.retrieval.lexical.tokens import WORD, folded

SHORTEST, LONGEST = 4, 40  # letters


def words_of(text: str) -> set[str]:
    """Folded, letters only; none of scripts that put no spaces between words."""
    return {word for word in WORD.findall(folded(text)) if SHORTEST <= len(word) <= LONGEST and word.isalpha()}
