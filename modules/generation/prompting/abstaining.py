"""The sentence that says that the documents hold no answer, in the languages that it is known in."""

from collections.abc import Mapping

from footnote.modules.generation.words import folded_words, position

ENGLISH = "en"
PHRASE = "The documents do not say."


class Abstentions:
    def __init__(self, phrases: Mapping[str, str] | None = None) -> None:
        """`phrases` by language; those in English take the place of a language that is not there."""
        self._phrases = {ENGLISH: PHRASE, **(phrases or {})}
        self._words = [folded_words(phrase) for phrase in self._phrases.values()]

    def phrase(self, language: str | None) -> str:
        return self._phrases.get(language or ENGLISH, self._phrases[ENGLISH])

    def is_one(self, sentence: str) -> bool:
        """Whether `sentence`, which names no source, is the phrase or begins with it, in whichever language."""
        words = folded_words(sentence)
        return any(position(phrase, words) == 0 for phrase in self._words)
