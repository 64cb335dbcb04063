"""Terms as numbers: stable, so that they may be stored."""

from functools import lru_cache
from hashlib import blake2b


@lru_cache(maxsize=1 << 18)
def hash_of(term: str) -> int:
    """An unsigned number of 64 bits; among a million terms two are alike once in 37 million such sets."""
    return int.from_bytes(blake2b(term.encode("utf-8", "replace"), digest_size=8).digest(), "little")
