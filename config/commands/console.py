"""What every command shares: settings, telemetry, how to end, and how to print."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from importlib.metadata import version
from typing import Any, NoReturn, TypeVar

import click
import msgspec
from rich.console import Console
from rich.text import Text

from footnote.config.settings import Settings, load_settings
from footnote.platform.errors import FootnoteError
from footnote.platform.log import configure_logging
from footnote.platform.settings import InvalidSettings, Resolved
from footnote.platform.telemetry import Telemetry, configure_telemetry

T = TypeVar("T")

QUIET = "WARNING"  # what a command of a moment logs, unless the settings ask for another level

people = Console(stderr=True)  # progress, logs and problems; standard output is for results

as_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON value on standard output.")


def load(**flags: object) -> Resolved[Settings]:
    """The settings, flags of the command line above all; wrong ones end the command with exit code 2."""
    try:
        return load_settings(os.environ, flags=flags)
    except InvalidSettings as error:
        people.print(Text("Settings are wrong:", style="red"))
        for problem in error.problems:
            people.print(Text(f"  {problem}"), soft_wrap=True)
        sys.exit(2)


def run(
    resolved: Resolved[Settings],
    work: Callable[[Settings, Telemetry], Coroutine[Any, Any, T]],
    *,
    as_json: bool = False,
    is_service: bool = False,
) -> T:
    """Do `work` to its end; an error that footnote raises on purpose becomes a message and exit code 1."""
    settings = resolved.settings
    is_default = resolved.sources["log_level"] == "default"
    configure_logging(QUIET if is_default and not is_service else settings.log_level, settings.log_format)
    telemetry = configure_telemetry(
        service_name=settings.service_name,
        version=version("footnote"),
        endpoint=settings.otlp_endpoint.reveal(),
        headers=settings.otlp_headers.pairs(),
        sample_ratio=settings.trace_sample_ratio,
        content=settings.telemetry_content,
    )
    try:
        return asyncio.run(work(settings, telemetry))
    except FootnoteError as error:
        fail(error, as_json=as_json)
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        telemetry.shutdown()


def fail(error: FootnoteError, *, as_json: bool) -> NoReturn:
    """Print the problem and end with exit code 1."""
    if as_json:
        print_json(error.to_problem())
    people.print(Text.assemble((f"{error.title}. ", "red"), error.detail), soft_wrap=True)
    sys.exit(1)


def readable(text: str) -> str:
    """`text` from the command line or the file system; bytes that are no UTF-8 become replacement characters."""
    return text.encode(errors="surrogateescape").decode(errors="replace")


def printable(text: str) -> str:
    """`text` without what a terminal would obey: names of files may hold anything."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def print_indented(console: Console, text: Text, by: int) -> None:
    """Lines of the console's width, `by` columns from its edge and without blanks at their ends."""
    for line in text.wrap(console, console.width - by):
        line.rstrip()
        console.print(Text(" " * by) + line, soft_wrap=True)


def stop_on_signals() -> asyncio.Event:
    """Set at SIGINT or SIGTERM, which then end nothing by themselves."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def print_json(value: Any) -> None:
    """The one JSON value that `--json` puts on standard output."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())
