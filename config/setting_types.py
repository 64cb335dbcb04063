"""Settings that are more than a number or a word."""

import re
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from footnote.modules.access.keys import parse_api_key
from footnote.platform.sealing import parse_sealing_key
from footnote.platform.secrets import Secret, SecretUrl


class ApiKeyText(Secret):
    __slots__ = ()

    allowed: ClassVar[str] = "SECRET, NAME:SECRET or NAME:SECRET:admin, of visible ASCII characters"

    def __init__(self, value: str) -> None:
        parse_api_key(value)
        super().__init__(value)


class EncryptionKeyText(Secret):
    __slots__ = ()

    allowed: ClassVar[str] = "NAME:KEY, the key 32 bytes in base64"

    def __init__(self, value: str) -> None:
        parse_sealing_key(value)
        super().__init__(value)


class ServiceKey(Secret):
    """A key that others gave us; it travels in a header."""

    __slots__ = ()

    allowed: ClassVar[str] = "visible ASCII characters, or empty"

    def __init__(self, value: str) -> None:
        if not re.fullmatch(r"[!-~]*", value):
            raise ValueError(f"Expected {self.allowed}")
        super().__init__(value)


class StoreLocation(SecretUrl):
    """Where documents are kept; a MongoDB URI may hold a password."""

    __slots__ = ()

    allowed: ClassVar[str] = "sqlite, mongodb://… or mongodb+srv://…"

    def __init__(self, value: str) -> None:
        if not re.fullmatch(r"sqlite|mongodb(\+srv)?://\S+", value):
            raise ValueError(f"Expected {self.allowed}")
        super().__init__(value)

    @property
    def kind(self) -> str:
        """`sqlite` or `mongodb`."""
        return re.split(r"[+:]", self.reveal(), maxsplit=1)[0]


class BlobLocation(SecretUrl):
    """Where files are kept; the keys for a bucket come from its provider's own variables."""

    __slots__ = ()

    allowed: ClassVar[str] = "folder, gridfs, s3://BUCKET/PREFIX, gs://…, az://…, file:///FOLDER, or empty"

    def __init__(self, value: str) -> None:
        if not re.fullmatch(r"|folder|gridfs|(s3|gs|az)://[^\s/]\S*|file:///\S+", value):
            raise ValueError(f"Expected {self.allowed}")
        super().__init__(value)

    @property
    def kind(self) -> str:
        """Empty, `folder`, `gridfs`, or the scheme of the URL."""
        return self.reveal().partition(":")[0]


class BaseUrl(SecretUrl):
    """The address of a model's API; may hold a password."""

    __slots__ = ()

    allowed: ClassVar[str] = "http://… or https://…"

    def __init__(self, value: str) -> None:
        if not re.fullmatch(r"https?://\S+", value):
            raise ValueError(f"Expected {self.allowed}")
        super().__init__(value)


class OptionalUrl(SecretUrl):
    """The same, or empty."""

    __slots__ = ()

    allowed: ClassVar[str] = "http://… or https://…, or empty"

    def __init__(self, value: str) -> None:
        if not re.fullmatch(r"(https?://\S+)?", value):
            raise ValueError(f"Expected {self.allowed}")
        super().__init__(value)


class OtlpEndpoint(SecretUrl):
    """The base address of a collector, without `/v1/traces`; may hold a password."""

    __slots__ = ()

    allowed: ClassVar[str] = "http://… or https://…, or empty"

    def __init__(self, value: str) -> None:
        if not re.fullmatch(r"(https?://[^\s/]\S*)?", value) or urlsplit(value).port == 0:  # it checks host and port
            raise ValueError(f"Expected {self.allowed}")
        super().__init__(value)


class OtlpHeaders(Secret):
    """Spelled as the OpenTelemetry specification says: `key=value,key=value`, values URL-encoded."""

    __slots__ = ()

    allowed: ClassVar[str] = "comma-separated pairs KEY=VALUE, or empty"

    def __init__(self, value: str) -> None:
        if not re.fullmatch(r"(\s*[!-+\--<>-~]+=[^,\r\n]*(,|$))*", value):
            raise ValueError(f"Expected {self.allowed}")
        super().__init__(value)

    def pairs(self) -> dict[str, str]:
        entries = (entry.partition("=") for entry in self.reveal().split(",") if entry.strip())
        return {key.strip().lower(): unquote(value.strip()) for key, _, value in entries}
