"""What can go wrong with access."""

from collections.abc import Sequence

from footnote.platform.errors import FootnoteError, Forbidden, Invalid, NotFound, TooMany, Unauthenticated, Unavailable


class NotSignedIn(Unauthenticated):
    type = "/problems/not-signed-in"

    def __init__(self) -> None:
        super().__init__("Sign in, or send a key as 'Authorization: Bearer KEY'.")


class WrongKey(Unauthenticated):
    type = "/problems/wrong-key"
    title = "Wrong key"

    def __init__(self) -> None:
        super().__init__("No such API key is set on this server.")


class TooManyLogins(TooMany):
    type = "/problems/too-many-logins"
    title = "Too many attempts to sign in"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Try again in {retry_after} seconds.", retry_after=retry_after)


class InvalidApiKeys(FootnoteError):
    """Names every wrong key by its place in the setting, never by its content."""

    title = "FOOTNOTE_API_KEYS is wrong"

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))


class UnsafeBinding(FootnoteError):
    title = "An API key is needed"

    def __init__(self, host: str) -> None:
        super().__init__(
            f"Listening on {host or 'every address'} lets other machines in, which needs an API key: "
            "set FOOTNOTE_API_KEYS to NAME:SECRET, or listen on 127.0.0.1."
        )


class NotForAll(Forbidden):
    type = "/problems/not-for-all"
    title = "Admins only"

    def __init__(self) -> None:
        super().__init__("Only an admin of the tenant may do this.")


class EncryptionMissing(Unavailable):
    type = "/problems/encryption-missing"
    title = "Nothing to encrypt with"

    def __init__(self) -> None:
        super().__init__(
            "Keys for providers are kept encrypted, and there is no key for that: set FOOTNOTE_ENCRYPTION_KEYS to "
            "NAME:KEY, the key as `openssl rand -base64 32` gives it."
        )


class InvalidProviderKey(Invalid):
    """Says what it should be, never what it is."""

    type = "/problems/invalid-provider-key"
    title = "Invalid key for a provider"

    def __init__(self, expected: str) -> None:
        super().__init__(f"This cannot be kept: {expected}.")


class ProviderKeyNotFound(NotFound):
    type = "/problems/provider-key-not-found"
    title = "No such key"

    def __init__(self, provider: str) -> None:
        super().__init__("The tenant has given no key for this provider.", provider=provider)
