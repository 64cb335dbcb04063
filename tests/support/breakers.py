"""A breaker whose time a test tells."""

from footnote.platform.inference.gateway.breaker import Breaker, Tolerance


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def breaker_by(clock: Clock) -> Breaker:
    """Two failures in a row are a pause of ten seconds."""
    return Breaker(Tolerance(failures=2, seconds=10), clock=clock)
