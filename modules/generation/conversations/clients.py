"""Conversations that clients keep themselves, and send along."""

from collections.abc import Iterable, Sequence

from footnote.modules.generation.conversations.reading import Exchange
from footnote.modules.generation.conversations.recalling import Recollection, Room, fitting_in
from footnote.modules.generation.models import Said


def told(messages: Sequence[Said], room: Room) -> Recollection:
    """What fits in of the end. They are the client's own words, whatever they say that was answered."""
    return Recollection(exchanges=tuple(fitting_in(list(_exchanges(messages)), room.history)))


def _exchanges(messages: Sequence[Said]) -> Iterable[Exchange]:
    """Each question with what was said until the next one."""
    asked, said = "", []
    for message in (*messages, Said(role="user", text="")):
        if message.role == "assistant":
            said.append(message.text)
            continue
        if asked:
            yield Exchange(turn_id="", question=asked, standalone=asked, answer="\n".join(said))
        asked, said = message.text, []
