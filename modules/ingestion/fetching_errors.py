"""Why nothing was fetched: 422 where the address is at fault, 502 where the host is."""

from http import HTTPStatus

from footnote.platform.errors import Invalid, TooMany, Unavailable


class FetchingIsOff(Invalid):
    type = "/problems/fetching-is-off"
    title = "Nothing is fetched from the web here"

    def __init__(self) -> None:
        super().__init__("FOOTNOTE_FETCH_HOSTS names no host to fetch from. Upload the file, or ask whoever runs this.")


class InvalidAddress(Invalid):
    type = "/problems/invalid-address"
    title = "Invalid address"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The address {reason}. It should look like https://docs.example.org/report.pdf.")


class SchemeNotAllowed(Invalid):
    type = "/problems/scheme-not-allowed"
    title = "Not fetched over this protocol"

    def __init__(self, scheme: str, allowed: list[str]) -> None:
        super().__init__(
            f"An address that starts with {scheme[:20]!r} is not fetched; FOOTNOTE_FETCH_SCHEMES allows "
            f"{' and '.join(allowed)}.",
            scheme=scheme,
            allowed=allowed,
        )


class HostNotAllowed(Invalid):
    type = "/problems/host-not-allowed"
    title = "Not fetched from this host"

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} is not among the hosts of FOOTNOTE_FETCH_HOSTS.", host=host)


class FetchFailed(Unavailable):
    status = 502
    type = "/problems/fetch-failed"
    title = "The file could not be fetched"

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(f"{host} {reason}.", host=host)


class FetchAnswered(Unavailable):
    status = 502
    type = "/problems/fetch-answered"
    title = "The host did not hand out the file"

    def __init__(self, host: str, status: int) -> None:
        super().__init__(f"{host} answered {status}{phrase(status)}.", host=host, upstream_status=status)


class FetchTooSlow(Unavailable):
    status = 502
    type = "/problems/fetch-too-slow"
    title = "Fetching the file took too long"

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(
            f"{host} had not sent all of it after {seconds:g} seconds; FOOTNOTE_FETCH_TIMEOUT_SECONDS sets the limit.",
            host=host,
        )


class TooManyFetches(TooMany):
    type = "/problems/too-many-fetches"
    title = "Too many files are being fetched"

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} are under way, which is the most at once. Try again in a while.", retry_after=10)


def phrase(status: int) -> str:
    return f" {HTTPStatus(status).phrase}" if status in HTTPStatus.__members__.values() else ""
