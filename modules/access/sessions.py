"""Sessions that need no store: a signed name and an expiry, worth as much as the key behind them."""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence

from footnote.modules.access.models import ApiKey, Session
from footnote.platform.clock import Clock, utc_now

SESSION_SECONDS = 12 * 60 * 60
PURPOSE = b"footnote session 1"  # of the derived key: a change ends every session
TOKEN = re.compile(r"(?P<claim>(?P<name>[\w-]{1,88})\.(?P<expiry>[0-9]{1,12}))\.(?P<signature>[0-9a-f]{64})", re.ASCII)


class Sessions:
    """A token is signed with a key derived from its API key: changing or removing that one ends the session."""

    def __init__(self, keys: Sequence[ApiKey], *, seconds: int = SESSION_SECONDS, clock: Clock = utc_now) -> None:
        self._keys = {_name(key): key for key in keys}
        self._seconds = seconds
        self._clock = clock

    def issue(self, key: ApiKey) -> Session:
        claim = f"{_name(key)}.{int(self._clock().timestamp()) + self._seconds}"
        return Session(token=f"{claim}.{_signature(key, claim)}", seconds=self._seconds)

    def find_key(self, token: str) -> ApiKey | None:
        """The key whose holder `token` was issued to, unless it has expired or is not ours."""
        parts = TOKEN.fullmatch(token)
        key = self._keys.get(parts["name"]) if parts else None
        if parts is None or key is None or int(parts["expiry"]) <= self._clock().timestamp():
            return None
        is_genuine = hmac.compare_digest(_signature(key, parts["claim"]), parts["signature"])
        return key if is_genuine else None


def _name(key: ApiKey) -> str:
    """Of characters that a cookie may carry without quotes."""
    return base64.urlsafe_b64encode(key.id.encode()).decode().rstrip("=")


def _signature(key: ApiKey, claim: str) -> str:
    signing_key = hmac.digest(key.digest, PURPOSE, hashlib.sha256)
    return hmac.new(signing_key, claim.encode(), hashlib.sha256).hexdigest()
