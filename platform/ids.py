"""Ids that sort by time."""

import os
import threading
import time

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32
RANDOM_BITS = 80

_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """26 characters: 48 bits of Unix milliseconds, then 80 random bits; within this process each is greater.

    Source: the ULID specification, monotonic variant.
    """
    global _last
    with _lock:
        fresh = time.time_ns() // 1_000_000 << RANDOM_BITS | int.from_bytes(os.urandom(RANDOM_BITS // 8))
        _last = max(fresh, _last + 1)
        number = _last
    return "".join(ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


def time_of(made: str) -> float:
    """When an id was made, in Unix seconds."""
    number = 0
    for character in made:
        number = number << 5 | ALPHABET.index(character)
    return (number >> RANDOM_BITS) / 1000
