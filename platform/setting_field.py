"""One field of a settings struct: how its values are read, and what they may be."""

import re
from typing import Any

import msgspec
from msgspec import inspect

from footnote.platform.secrets import MASK, Secret, decode_secret, mask_secret

SIZE = re.compile(r"(\d+)\s*(|[kMGT]i?)B?", re.IGNORECASE)
FACTORS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "ki": 1 << 10, "mi": 1 << 20, "gi": 1 << 30}
LONGEST_SHOWN = 60  # characters of a wrong value


class SettingField:
    """`Meta(extra={"unit": "bytes"})` reads sizes such as `200 MB`; `{"allowed": ...}` words what a pattern cannot."""

    def __init__(self, field: msgspec.structs.FieldInfo) -> None:
        self.name = field.name
        self._type = field.type
        self._info = inspect.type_info(field.type)
        schema = self._info.extra_json_schema if isinstance(self._info, inspect.Metadata) else None
        self.description: str = (schema or {}).get("description", "")
        self.allowed = allowed_by(self._info)
        self.is_secret = holds_secret(self._info)

    def read(self, value: object) -> Any:
        """The value in the field's own type; text is read as a variable spells it.

        Raises:
            ValueError: The field does not allow the value.
        """
        raw = self._parse(value) if isinstance(value, str) else value
        return msgspec.convert(raw, self._type, strict=False, dec_hook=decode_secret)

    def _parse(self, text: str) -> object:
        inner = inner_type(self._info)
        if isinstance(inner, inspect.ListType):
            return comma_separated(text)
        if isinstance(inner, inspect.DictType):
            return dict(key_and_value(entry) for entry in comma_separated(text))
        return size_in_bytes(text) if extra_of(self._info).get("unit") == "bytes" else text

    def show_wrong(self, value: object) -> str:
        shown = MASK if self.is_secret else repr(value)
        return shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}…"


def plain(value: object) -> Any:
    """`value` in types that JSON knows, secrets masked."""
    return msgspec.to_builtins(value, enc_hook=mask_secret)


def comma_separated(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def key_and_value(entry: str) -> tuple[str, str]:
    key, separator, value = entry.partition(":")
    if not separator:
        raise ValueError("Expected key:value")
    return key.strip(), value.strip()


def size_in_bytes(text: str) -> int:
    match = SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError("Expected a size")
    number, unit = match.groups()
    return int(number) * FACTORS[unit.lower()]


def inner_type(info: inspect.Type) -> inspect.Type:
    return info.type if isinstance(info, inspect.Metadata) else info


def extra_of(info: inspect.Type) -> dict[str, Any]:
    return (info.extra or {}) if isinstance(info, inspect.Metadata) else {}


def holds_secret(info: inspect.Type) -> bool:
    match inner_type(info):
        case inspect.CustomType(cls):
            return issubclass(cls, Secret)
        case inspect.ListType(item):
            return holds_secret(item)
        case _:
            return False


def allowed_by(info: inspect.Type) -> str:
    """What the type allows, in words."""
    extra = extra_of(info)
    if "allowed" in extra:
        return str(extra["allowed"])
    match inner_type(info):
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType() as number:
            return "size such as 200 MB or 4 GiB" if "unit" in extra else f"whole number{bounds(number)}"
        case inspect.FloatType() as number:
            return f"number{bounds(number)}"
        case inspect.LiteralType([only]):
            return str(only)
        case inspect.LiteralType(values):
            return f"one of {', '.join(map(str, values))}"
        case inspect.ListType(item):
            return f"comma-separated list, each {allowed_by(item)}"
        case inspect.DictType(key, value):
            return f"comma-separated pairs KEY:VALUE, each key {allowed_by(key)}, each value {allowed_by(value)}"
        case inspect.CustomType(cls) if issubclass(cls, Secret):
            return cls.allowed
        case inspect.StrType(min_length=shortest):
            return "text, not empty" if shortest else "text"
        case other:
            raise TypeError(f"No words for {other}")


def bounds(number: inspect.IntType | inspect.FloatType) -> str:
    lowest = f" from {number.ge:g}" if number.ge is not None else ""
    highest = f" to {number.le:g}" if number.le is not None else ""
    return f" {(lowest + highest).strip()}" if lowest or highest else ""
