"""Signing in."""

from collections.abc import Sequence

from opentelemetry import trace

from footnote.modules.access.attempts import LoginAttempts
from footnote.modules.access.errors import WrongKey
from footnote.modules.access.keys import find_key
from footnote.modules.access.models import ApiKey, Session
from footnote.modules.access.sessions import Sessions

tracer = trace.get_tracer(__name__)


class AccessService:
    def __init__(self, keys: Sequence[ApiKey], sessions: Sessions, attempts: LoginAttempts) -> None:
        self._keys = keys
        self._sessions = sessions
        self._attempts = attempts

    @tracer.start_as_current_span("access.login")
    async def login(self, secret: str, *, address: str) -> Session:
        """A new session.

        Raises:
            WrongKey: No key has this secret.
            TooManyLogins: `address` has tried too often.
        """
        self._attempts.count(address)
        key = find_key(self._keys, secret)
        if key is None:
            raise WrongKey
        return self._sessions.issue(key)
