"""The report as people read it."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from footnote.config.doctor.report import Finding, Report
from footnote.config.settings import SettingRow

STYLES = {"ok": "green", "off": "yellow", "broken": "red"}


def render(report: Report, console: Console) -> None:
    console.print(settings_table(report.settings))
    for title in ("versions", "server", "stores", "models", "programs"):
        console.print(findings_table(title, getattr(report, title)))
    verdict = ("Footnote can run.", "green") if report.can_run else ("Footnote cannot run: see what is broken.", "red")
    console.print(Text.assemble(verdict))


def settings_table(rows: Sequence[SettingRow]) -> Table:
    table = titled("settings")
    for row in rows:
        style = "dim" if row.source == "default" else "bold"
        table.add_row(Text(row.name, style), Text(shown(row.value), style), Text(row.source, style))
    return table


def findings_table(title: str, findings: Sequence[Finding]) -> Table:
    table = titled(title)
    for finding in findings:
        detail = Text(finding.detail)
        if finding.remedy:
            detail.append(f"\n→ {finding.remedy}", "bold")
        table.add_row(finding.name, Text(finding.state, STYLES[finding.state]), detail)
    return table


def titled(title: str) -> Table:
    return Table(title=title.capitalize(), title_justify="left", title_style="bold", box=None, show_header=False)


def shown(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case list():
            return ", ".join(map(shown, value))
        case dict():
            return ", ".join(f"{key}:{shown(entry)}" for key, entry in value.items())
        case _:
            return str(value)
