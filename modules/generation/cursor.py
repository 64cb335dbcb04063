"""Where in the stream of an answer a listener is."""

import re
from typing import NamedTuple

import msgspec

from footnote.modules.generation.errors import InvalidEventId
from footnote.modules.generation.models import AnswerEvent, SentenceDone, Token

FORM = re.compile(r"([0-9]{1,9})-([0-9]{1,9})-([0-9]{1,9})", re.ASCII)


class Cursor(NamedTuple):
    """Counts of what was told: as the id of an event it leads back to the place after it, also in a stored answer.

    A running answer goes on by `events`; of a stored one, whose other events are gone, the rest counts.
    """

    events: int = 0
    sentences: int = 0
    characters: int = 0  # of tokens since the last sentence, as code points

    def after(self, event: AnswerEvent) -> "Cursor":
        if isinstance(event, SentenceDone):
            return Cursor(self.events + 1, self.sentences + 1, 0)
        characters = len(event.text) if isinstance(event, Token) else 0
        return Cursor(self.events + 1, self.sentences, self.characters + characters)

    def __str__(self) -> str:
        return f"{self.events}-{self.sentences}-{self.characters}"


START = Cursor()


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An event of an answer, with the place after it."""

    answer_id: str
    cursor: Cursor
    event: AnswerEvent


def parse_cursor(event_id: str | None) -> Cursor:
    """
    Raises:
        InvalidEventId: It is none that a stream of an answer has.
    """
    if not event_id:
        return START
    found = FORM.fullmatch(event_id)
    if found is None:
        raise InvalidEventId(event_id)
    return Cursor(*(int(number) for number in found.groups()))
