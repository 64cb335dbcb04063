"""Who a request comes from: the one local person, or the holder of a key."""

from collections.abc import Sequence

from footnote.modules.access.errors import NotSignedIn, WrongKey
from footnote.modules.access.keys import find_key
from footnote.modules.access.models import ApiKey
from footnote.modules.access.sessions import Sessions
from footnote.platform.http.identity import Credentials, Identity
from footnote.platform.principal import LOCAL

SESSION_COOKIE = "footnote_session"


class LocalAuthenticator:
    async def authenticate(self, credentials: Credentials) -> Identity:
        return Identity(principal=LOCAL, means="local")


class KeyAuthenticator:
    """A key in the header decides alone, even if a good session comes along with it."""

    def __init__(self, keys: Sequence[ApiKey], sessions: Sessions) -> None:
        self._keys = keys
        self._sessions = sessions

    async def authenticate(self, credentials: Credentials) -> Identity:
        if credentials.authorization is not None:
            return self._by_header(credentials.authorization)
        key = self._sessions.find_key(credentials.cookies.get(SESSION_COOKIE, ""))
        if key is None:
            raise NotSignedIn
        return Identity(principal=key.principal, means="session")

    def _by_header(self, header: str) -> Identity:
        scheme, _, secret = header.strip().partition(" ")
        key = find_key(self._keys, secret.strip()) if scheme.lower() == "bearer" else None
        if key is None:
            raise WrongKey
        return Identity(principal=key.principal, means="key")
