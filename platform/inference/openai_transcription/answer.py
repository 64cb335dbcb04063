"""The endpoint's `verbose_json`, as far as it is used."""

import msgspec

from footnote.platform.inference.openai_transcription.languages import language_code
from footnote.platform.inference.recordings import Heard
from footnote.platform.inference.transcription import Segment, SpokenWord


class AnswerWord(msgspec.Struct):
    word: str
    start: float
    end: float


class AnswerSegment(msgspec.Struct):
    text: str
    start: float
    end: float


class Answer(msgspec.Struct):
    text: str
    duration: float | None = None
    language: str | None = None
    segments: list[AnswerSegment] | None = None
    words: list[AnswerWord] | None = None

    def heard(self, seconds: float) -> Heard:
        """`seconds` is how long the section is: a text without segments was said some time in it."""
        segments = self.segments or [AnswerSegment(self.text, 0.0, seconds)]
        return Heard(
            language=language_code(self.language),
            segments=tuple(Segment(s.text.strip(), s.start, s.end) for s in segments if s.text.strip()),
            words=tuple(SpokenWord(w.word.strip(), w.start, w.end) for w in self.words or () if w.word.strip()),
        )
