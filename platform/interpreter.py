"""How the threads of a process that answers many at once take turns, and when it looks for garbage."""

import gc
import sys

TURN = (
    0.001  # seconds that a thread may keep the interpreter while others wait: 5 ms of each of them stall the event loop
)
YOUNG = 10_000  # objects more than there were, when garbage is looked for: at 700, five times an answer


def settle_in() -> None:
    """To be called once all is loaded that stays: garbage is no longer looked for in it.

    Looking through what a server holds after its start takes 20 to 90 ms, in which nothing else runs.
    """
    sys.setswitchinterval(TURN)
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
