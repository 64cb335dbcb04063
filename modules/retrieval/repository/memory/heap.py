"""Memory that was freed, back to the system."""

import ctypes
from contextlib import suppress


def give_back() -> None:
    """The C library of most Linux systems keeps what was freed between arrays that live on: a gigabyte after merging
    a million chunks. Elsewhere there is no such call, and mostly no need.
    """
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
