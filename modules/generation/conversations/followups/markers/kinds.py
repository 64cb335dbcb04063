"""What is known of follow-ups in a language."""

import re
from typing import NamedTuple


class Markers(NamedTuple):
    openers: re.Pattern[str]  # "what about", "and": what follows is put in the place of something
    bare: re.Pattern[str]  # whole questions that ask nothing by themselves
    pointers: re.Pattern[str]  # to things that were spoken of
    possessive: frozenset[str]  # of the pointers; what they point to may stand before them
    persons: frozenset[str]  # of the pointers
    empty: re.Pattern[str]  # places where the pointers point to nothing
    asking: frozenset[str]  # words that questions begin with
    determiners: frozenset[str]
    prepositions: frozenset[str]
    places: frozenset[str]  # of the prepositions
    clauses: frozenset[str]  # words that begin another clause
    heads: re.Pattern[str]  # "what was the": the thing that is asked for follows
    before: re.Pattern[str]  # the year, quarter or month before
    after: re.Pattern[str]


def pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.VERBOSE)


def words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())
