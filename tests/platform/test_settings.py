from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pytest
from msgspec import Meta

from footnote.platform.secrets import Secret
from footnote.platform.settings import InvalidSettings, Layer, environment_layer, file_layer, resolve


class Kitchen(msgspec.Struct, frozen=True, kw_only=True):
    ovens: Annotated[int, Meta(ge=1, le=8)]
    share: Annotated[float, Meta(ge=0, le=1)]
    fuel: Literal["gas", "wood"]
    is_open: bool
    cooks: list[str]
    hours: dict[str, Literal["early", "late"]]
    pantry: Annotated[int, Meta(ge=1, extra={"unit": "bytes"})]
    safe: Secret


DEFAULTS = Layer(
    place="default",
    values={
        "ovens": 1,
        "share": 0.5,
        "fuel": "gas",
        "is_open": True,
        "cooks": [],
        "hours": {},
        "pantry": "1 KiB",
        "safe": "",
    },
)


def kitchen(**variables: str) -> Kitchen:
    return resolve(Kitchen, [DEFAULTS, environment_layer(variables, "K_")]).settings


def problems(**variables: str) -> tuple[str, ...]:
    with pytest.raises(InvalidSettings) as error:
        kitchen(**variables)
    return error.value.problems


def test_a_later_layer_decides_and_is_named_as_the_source() -> None:
    file = Layer(place="kitchen.toml", values={"ovens": 2, "share": 0.1})
    resolved = resolve(Kitchen, [DEFAULTS, file, environment_layer({"K_OVENS": "3"}, "K_")])
    assert (resolved.settings.ovens, resolved.settings.share, resolved.settings.fuel) == (3, 0.1, "gas")
    assert [resolved.sources[name] for name in ("ovens", "share", "fuel")] == ["environment", "kitchen.toml", "default"]


def test_lists_and_pairs_are_comma_separated_in_a_variable() -> None:
    assert kitchen(K_COOKS="Ada, Bo,").cooks == ["Ada", "Bo"]
    assert kitchen(K_HOURS="Ada:early, Bo:late").hours == {"Ada": "early", "Bo": "late"}
    assert kitchen(K_COOKS="").cooks == []


@pytest.mark.parametrize(
    ("text", "size"),
    [("512", 512), ("200MB", 200_000_000), ("2 kB", 2000), ("1 KiB", 1024), ("4gib", 4 << 30), ("3 B", 3)],
)
def test_a_size_has_a_unit(text: str, size: int) -> None:
    assert kitchen(K_PANTRY=text).pantry == size


@pytest.mark.parametrize("text", ["", "MB", "1.5 MB", "-1", "0", "1 XB", "0 GB"])
def test_what_is_no_size_is_refused(text: str) -> None:
    assert len(problems(K_PANTRY=text)) == 1


@pytest.mark.parametrize(("text", "is_open"), [("true", True), ("1", True), ("false", False), ("0", False)])
def test_a_switch_is_spelled_as_a_word_or_a_digit(text: str, is_open: bool) -> None:
    assert kitchen(K_IS_OPEN=text).is_open is is_open


def test_every_wrong_setting_is_named_at_once_with_what_is_allowed() -> None:
    assert problems(K_OVENS="9", K_SHARE="nan", K_FUEL="coal", K_IS_OPEN="yes", K_HOURS="Ada", K_OVEN="1") == (
        "K_OVENS (environment): '9' is not allowed; allowed: whole number from 1 to 8",
        "K_SHARE (environment): 'nan' is not allowed; allowed: number from 0 to 1",
        "K_FUEL (environment): 'coal' is not allowed; allowed: one of gas, wood",
        "K_IS_OPEN (environment): 'yes' is not allowed; allowed: true or false",
        "K_HOURS (environment): 'Ada' is not allowed; allowed: comma-separated pairs KEY:VALUE, each key text, "
        "each value one of early, late",
        "K_OVEN (environment): there is no such setting; did you mean K_OVENS?",
    )


def test_a_long_wrong_value_is_shown_cut() -> None:
    assert len(problems(K_OVENS="9" * 10_000)[0]) < 200


def test_a_covered_wrong_value_is_still_wrong() -> None:
    file = Layer(place="kitchen.toml", values={"ovens": "many"})
    with pytest.raises(InvalidSettings, match=r"ovens \(kitchen.toml\)"):
        resolve(Kitchen, [DEFAULTS, file, environment_layer({"K_OVENS": "3"}, "K_")])


def test_a_wrong_secret_is_named_and_not_shown() -> None:
    with pytest.raises(InvalidSettings) as error:
        resolve(Kitchen, [DEFAULTS, Layer(place="kitchen.toml", values={"safe": 7351})])
    assert str(error.value) == "safe (kitchen.toml): *** is not allowed; allowed: text"


def test_the_value_of_an_unknown_setting_is_not_shown() -> None:
    assert "hunter2" not in problems(K_SAVE="hunter2")[0]


def test_a_field_without_a_value_is_named() -> None:
    with pytest.raises(InvalidSettings, match="ovens: has no value"):
        resolve(Kitchen, [])


@pytest.mark.parametrize("content", [b"ovens = ", b"\xff", b"ovens = 1\novens = 2"])
def test_a_file_that_is_not_toml_is_a_problem_among_the_others(tmp_path: Path, content: bytes) -> None:
    (path := tmp_path / "kitchen.toml").write_bytes(content)
    with pytest.raises(InvalidSettings) as error:
        resolve(Kitchen, [DEFAULTS, file_layer(path, "kitchen.toml"), environment_layer({"K_OVENS": "x"}, "K_")])
    assert [line.split()[0] for line in error.value.problems] == ["kitchen.toml:", "K_OVENS"]


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match=r"kitchen\.toml: cannot be read"):
        resolve(Kitchen, [DEFAULTS, file_layer(tmp_path / "kitchen.toml", "kitchen.toml")])
