"""Light rephrasings: what a careful writer may do to a sentence without saying anything else."""

import random
import re
from collections.abc import Callable

_SAME = """
    began=started started=began large=big big=large film=movie movie=film often=frequently frequently=often
    used=employed employed=used several=various various=several important=significant significant=important
    many=numerous numerous=many main=principal primarily=mainly mainly=primarily area=region region=area
    created=made made=created built=constructed constructed=built located=situated situated=located
    received=got needed=required required=needed gave=granted showed=demonstrated known=recognised
    called=named named=called near=close_to approximately=about about=around around=about roughly=about
    occurred=happened happened=occurred ended=finished helped=assisted child=kid children=kids
    purchased=bought bought=purchased obtained=got become=turn_into entire=whole whole=entire
    ancient=very_old war=conflict rapidly=quickly quickly=rapidly usually=normally
    released=issued issued=released consists=is_made_up contains=includes includes=contains
    allowed=permitted permitted=allowed wrote=authored author=writer writer=author
    song=track published=put_out home=house city=town nearly=almost almost=nearly
    throughout=across among=amid within=inside upon=on due_to=because_of because=since
    chosen=selected selected=chosen famous=well-known powerful=mighty difficult=hard hard=difficult
    currently=at_present people=persons total=overall leader=head leaders=heads soldiers=troops troops=soldiers
    established=founded founded=established led=headed said=stated stated=said
    killed=slain died=passed_away attempted=tried tried=attempted demanded=called_for
"""
SAME = dict(pair.split("=") for pair in _SAME.split())
LEADS = (
    "According to the passage, ", "The text states that ", "The document says that ", "As the source explains, ",
    "In short, ", "According to the document, ", "The passage notes that ",
)  # fmt: skip
_NUMBERS = "two three four five six seven eight nine ten"
NUMBERS = _NUMBERS.split()
SHORT = {
    "did not": "didn't", "was not": "wasn't", "were not": "weren't", "is not": "isn't", "are not": "aren't",
    "does not": "doesn't", "do not": "don't", "has not": "hasn't", "had not": "hadn't", "could not": "couldn't",
    "cannot": "can't", "would not": "wouldn't",
}  # fmt: skip
EMPTY = re.compile(r"\b(?:also|however|thus|therefore|moreover|additionally|furthermore|then)\b,? ", re.I)
ASIDE = re.compile(r" \([^()]{3,80}\)")
RELATIVE = re.compile(r", (?:which|who) [^,.]{5,80},(?= )")
OPENING = re.compile(r"((?:In|On|During|After|By|Since|From) (?:[\w ]{2,40}\d{3,4}|[A-Z]\w+ \d{1,2}, \d{4})), (.+)\.$")
CLOSING = re.compile(r"(.+?) (in \d{4})\.$")
_LOWERED = "The A An In On At By This These Those It He She They There During After Before Since While"
LOWERED = frozenset(_LOWERED.split())

Rewrite = Callable[[str, random.Random], str]


def synonyms(sentence: str, chance: random.Random) -> str:
    words = sentence.split(" ")
    places = [place for place, word in enumerate(words) if word.strip(",.") in SAME]
    for place in chance.sample(places, min(len(places), chance.randint(1, 3))):
        bare = words[place].strip(",.")
        words[place] = words[place].replace(bare, SAME[bare].replace("_", " "))
    return " ".join(words)


def lead_in(sentence: str, chance: random.Random) -> str:
    first, _, rest = sentence.partition(" ")
    return chance.choice(LEADS) + (first.lower() if first in LOWERED else first) + " " + rest


def moved(sentence: str, _: random.Random) -> str:
    if opening := OPENING.fullmatch(sentence):
        phrase, rest = opening.groups()
        first, _, more = rest.partition(" ")
        return f"{first[0].upper()}{first[1:]} {more} {phrase[0].lower()}{phrase[1:]}."
    if closing := CLOSING.fullmatch(sentence):
        rest, phrase = closing.groups()
        first, _, more = rest.partition(" ")
        return f"{phrase[0].upper()}{phrase[1:]}, {first.lower() if first in LOWERED else first} {more}."
    return sentence


def without_asides(sentence: str, _: random.Random) -> str:
    return RELATIVE.sub("", ASIDE.sub("", sentence))


def without_empty_words(sentence: str, _: random.Random) -> str:
    kept = EMPTY.sub("", sentence)
    return kept[:1].upper() + kept[1:]


def figures(sentence: str, _: random.Random) -> str:
    for value, word in enumerate(NUMBERS, 2):
        sentence = re.sub(rf"\b{word}\b(?![-’'])", str(value), sentence)
    return re.sub(r"(\d) percent\b", r"\1%", sentence)


def contracted(sentence: str, _: random.Random) -> str:
    for long, short in SHORT.items():
        sentence = re.sub(rf"\b{long}\b", short, sentence)
    return sentence


REWRITES: tuple[Rewrite, ...] = (synonyms, moved, without_asides, without_empty_words, figures, contracted)
MOST = 3
LED_IN = 0.3  # of those that something else can be done to as well


def rephrased(sentence: str, chance: random.Random, *, keeps_all: bool = False) -> str:
    """As many rewrites as there is room for, three at most; where none fits, the sentence is led in.

    One that `keeps_all` drops no aside.
    """
    written, done = sentence, 0
    for rewrite in chance.sample(REWRITES, len(REWRITES)):
        if keeps_all and rewrite is without_asides:
            continue
        changed = rewrite(written, chance)
        done += changed != written
        written = changed
        if done == MOST:
            break
    return lead_in(written, chance) if not done or chance.random() < LED_IN else written
