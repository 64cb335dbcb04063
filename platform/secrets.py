"""Strings that do not show themselves."""

import hmac
import re
from typing import ClassVar

MASK = "***"


class Secret:
    """Masked wherever it is printed; `reveal` is the only way to the value."""

    __slots__ = ("_value",)

    allowed: ClassVar[str] = "text"

    def __init__(self, value: str) -> None:
        """
        Raises:
            ValueError: A subclass refuses the value, without showing it.
        """
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __str__(self) -> str:
        return MASK if self._value else ""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._bytes(), other._bytes())

    def __hash__(self) -> int:
        return hash(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)

    def _bytes(self) -> bytes:
        return self._value.encode(errors="surrogateescape")  # as a variable may hold bytes that are no text


class SecretUrl(Secret):
    """Shown without what may be a password in it: user, query and fragment."""

    __slots__ = ()

    allowed: ClassVar[str] = "a URL"

    def __str__(self) -> str:
        # Up to the last `@`, as a password may hold any other sign unescaped.
        without_user = re.sub(r"://.*@", f"://{MASK}@", self._value, flags=re.DOTALL)
        return re.sub(r"[?#].*", f"?{MASK}", without_user, flags=re.DOTALL)


def decode_secret(kind: type, value: object) -> Secret:
    """msgspec's `dec_hook`."""
    if issubclass(kind, Secret) and isinstance(value, str):
        return kind(value)
    raise TypeError(f"Expected text for {kind.__name__}")


def mask_secret(value: object) -> str:
    """msgspec's `enc_hook`: for showing, never for storing."""
    if isinstance(value, Secret):
        return str(value)
    raise TypeError(f"Cannot encode {type(value).__name__}")
