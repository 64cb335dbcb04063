"""What the doctor found. Nothing in it may hold a secret."""

from typing import Literal

import msgspec

from footnote.config.settings import SettingRow

State = Literal["ok", "off", "broken"]  # off: footnote runs without it; broken: it does not


class Finding(msgspec.Struct, frozen=True):
    name: str
    state: State
    detail: str
    remedy: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    can_run: bool
    settings: tuple[SettingRow, ...]
    versions: tuple[Finding, ...]
    server: tuple[Finding, ...]
    stores: tuple[Finding, ...]
    models: tuple[Finding, ...]
    programs: tuple[Finding, ...]

    @property
    def exit_code(self) -> int:
        return 0 if self.can_run else 1
