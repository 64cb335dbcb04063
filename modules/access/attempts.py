"""How often one address may try to sign in."""

import math
from collections import deque
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from footnote.modules.access.errors import TooManyLogins
from footnote.platform.clock import Clock, utc_now

MAX_ADDRESSES = 10_000


class LoginAttempts:
    """At most `limit` in any `window`, in the memory of this process; the oldest addresses are forgotten first."""

    def __init__(self, *, limit: int = 10, window: timedelta = timedelta(minutes=1), clock: Clock = utc_now) -> None:
        self._limit = limit
        self._window = window
        self._clock = clock
        self._times: dict[str, deque[datetime]] = {}

    def count(self, address: str) -> None:
        """
        Raises:
            TooManyLogins: The address has used up its attempts for now; this one is not counted.
        """
        now = self._clock()
        source = network_of(address)
        times = self._times.pop(source, deque())
        self._times[source] = times
        while times and times[0] <= now - self._window:
            times.popleft()
        if len(times) >= self._limit:
            raise TooManyLogins(math.ceil((times[0] + self._window - now).total_seconds()))
        times.append(now)
        if len(self._times) > MAX_ADDRESSES:
            del self._times[next(iter(self._times))]


def network_of(address: str) -> str:
    """One person commands a whole IPv6 /64, so that counts as one."""
    try:
        number = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((number, 64), strict=False)) if isinstance(number, IPv6Address) else address
