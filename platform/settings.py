"""Settings: layers of values, each over the one before, into one frozen struct."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from footnote.platform.setting_field import SettingField

S = TypeVar("S", bound=msgspec.Struct)


class InvalidSettings(Exception):
    """Every wrong setting at once, a line each; values of secrets are not among it."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, kw_only=True, slots=True)
class Layer:
    """Values by field name, from one place that has its own way to spell the names."""

    place: str
    values: Mapping[str, object]
    spell: Callable[[str], str] = str
    problem: str | None = None  # why the place could not be read


@dataclass(frozen=True, kw_only=True, slots=True)
class Resolved(Generic[S]):
    settings: S
    sources: Mapping[str, str]  # the place of each field's value


def resolve(kind: type[S], layers: Sequence[Layer]) -> Resolved[S]:
    """A later layer decides; a wrong value is wrong even where a later one covers it.

    Raises:
        InvalidSettings: Values that do not fit, names that are no setting, fields without a value.
    """
    fields = {field.name: SettingField(field) for field in msgspec.structs.fields(kind)}
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    problems: list[str] = []
    for layer in layers:
        read, wrong = _read(layer, fields)
        values |= read
        sources |= dict.fromkeys(read, layer.place)
        problems += wrong
    problems += [f"{name}: has no value" for name in fields if name not in values] if not problems else []
    if problems:
        raise InvalidSettings(problems)
    return Resolved(settings=kind(**values), sources=sources)


def _read(layer: Layer, fields: Mapping[str, SettingField]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    problems = [layer.problem] if layer.problem else []
    for name, value in layer.values.items():
        where = f"{layer.spell(name)} ({layer.place})"
        if name not in fields:
            problems.append(f"{where}: there is no such setting{_meant(layer, name, fields)}")
            continue
        field = fields[name]
        try:
            values[name] = field.read(value)
        except ValueError:
            problems.append(f"{where}: {field.show_wrong(value)} is not allowed; allowed: {field.allowed}")
    return values, problems


def _meant(layer: Layer, name: str, fields: Mapping[str, SettingField]) -> str:
    near = get_close_matches(name, fields, n=1)
    return f"; did you mean {layer.spell(near[0])}?" if near else ""


def environment_layer(environ: Mapping[str, str], prefix: str, *, ignored: Sequence[str] = ()) -> Layer:
    """Every variable that starts with `prefix`, but for the `ignored`: `FOOTNOTE_TOP_K` is `top_k`."""
    given = {name: value for name, value in environ.items() if name.startswith(prefix) and name not in ignored}
    return Layer(
        place="environment",
        values={name.removeprefix(prefix).lower(): value for name, value in given.items()},
        spell=lambda name: prefix + name.upper(),
    )


def file_layer(path: Path, place: str) -> Layer:
    """A TOML file; one that cannot be read is a problem of its own."""
    try:
        return Layer(place=place, values=tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        return Layer(place=place, values={}, problem=f"{place}: cannot be read ({error.strerror})")
    except UnicodeDecodeError:
        return Layer(place=place, values={}, problem=f"{place}: is not UTF-8")
    except tomllib.TOMLDecodeError as error:
        return Layer(place=place, values={}, problem=f"{place}: is not TOML: {error}")
