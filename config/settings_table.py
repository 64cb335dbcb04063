"""The README's table of settings."""

import tomllib

import msgspec

from footnote.config.settings import DEFAULTS, PREFIX, Settings
from footnote.platform.setting_field import SettingField

HEAD = "| variable | default | allowed | meaning |\n| --- | --- | --- | --- |\n"


def settings_table() -> str:
    """Markdown, a row for each setting, with the default as defaults.toml spells it."""
    defaults = tomllib.loads(DEFAULTS.read_text("utf-8"))
    fields = (SettingField(field) for field in msgspec.structs.fields(Settings))
    return HEAD + "".join(_row(field, defaults[field.name]) for field in fields)


def _row(field: SettingField, default: object) -> str:
    return f"| `{PREFIX}{field.name.upper()}` | {_shown(default)} | {field.allowed} | {field.description} |\n"


def _shown(value: object) -> str:
    if value in ("", [], {}):
        return ""
    return f"`{value}`" if isinstance(value, str) else f"`{msgspec.json.encode(value).decode()}`"
