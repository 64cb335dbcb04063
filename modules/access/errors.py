"""What can go wrong with access."""

from collections.abc import Sequence

from footnote.platform.errors import FootnoteError, TooMany, Unauthenticated


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
