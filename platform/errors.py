"""The errors a caller can act on.

* FootnoteError
  x BadRequest        400
  x Unauthenticated   401
  x Forbidden         403
  x NotFound          404
  x Conflict          409
  x TooLarge          413
  x UnsupportedType   415
  x Invalid           422
  x TooMany           429  (carries the seconds to wait)
  x Unavailable       503  (an upstream model or database; retryable)
"""

from typing import Any, ClassVar


class FootnoteError(Exception):
    """Base of every error footnote raises on purpose; `platform.http.problem` maps it to RFC 9457."""

    status: ClassVar[int] = 500
    type: ClassVar[str] = "about:blank"
    title: ClassVar[str] = "Internal error"

    def __init__(self, detail: str, **extensions: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extensions = extensions

    def __reduce__(self) -> tuple[Any, ...]:
        # Out of a child process as it is: a subclass is made from facts, which its message does not give back.
        return _rebuilt, (type(self), self.args, self.__dict__)

    def to_problem(self) -> dict[str, Any]:
        """The RFC 9457 object: `type, title, status, detail` and the extensions."""
        return {
            "type": self.type,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.extensions,
        }


def _rebuilt(kind: type[FootnoteError], args: tuple[Any, ...], state: dict[str, Any]) -> FootnoteError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class BadRequest(FootnoteError):
    status = 400
    title = "Bad request"


class Unauthenticated(FootnoteError):
    status = 401
    title = "Not signed in"


class Forbidden(FootnoteError):
    status = 403
    title = "Forbidden"


class NotFound(FootnoteError):
    status = 404
    title = "Not found"


class Conflict(FootnoteError):
    status = 409
    title = "Conflict"


class TooLarge(FootnoteError):
    status = 413
    title = "Too large"


class UnsupportedType(FootnoteError):
    status = 415
    title = "Unsupported type"


class Invalid(FootnoteError):
    status = 422
    title = "Invalid"


class TooMany(FootnoteError):
    status = 429
    title = "Too many requests"


class Unavailable(FootnoteError):
    status = 503
    title = "Unavailable"
