import io
import json
import sys
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from footnote.config.doctor import Finding, Report, examine, programs, render
from footnote.config.doctor.models import examine_built, examine_file
from footnote.config.doctor.programs import Program, examine_program
from footnote.config.doctor.stores import examine_database, examine_home
from footnote.config.doctor.versions import examine_library
from footnote.config.migrations import MIGRATIONS
from footnote.config.settings import load_settings
from footnote.platform.inference.local import WeightsMissing
from footnote.platform.storage.migrations import Migration, Slices, migrate
from footnote.platform.storage.sqlite import SqliteDatabase


async def report(home: Path, **variables: str) -> Report:
    environ = {f"FOOTNOTE_{name.upper()}": value for name, value in variables.items()}
    return await examine(load_settings({"FOOTNOTE_HOME": str(home), **environ}, folder=home))


def for_people(report: Report) -> str:
    file = io.StringIO()
    render(report, Console(file=file, width=500))
    return file.getvalue()


def broken(report: Report) -> list[str]:
    groups = (report.versions, report.server, report.stores, report.models, report.programs)
    return [finding.name for group in groups for finding in group if finding.state == "broken"]


async def made(path: Path, slices: Slices = MIGRATIONS) -> Path:
    database = await SqliteDatabase.open(path / "footnote.db")
    await migrate(database, slices)
    await database.close()
    return path / "footnote.db"


async def test_a_fresh_folder_can_run_and_stays_as_it_was(tmp_path: Path) -> None:
    found = await report(tmp_path / "new")
    assert (found.can_run, found.exit_code, broken(found)) == (True, 0, [])
    assert not (tmp_path / "new").exists()


async def test_json_and_people_get_the_same_facts(tmp_path: Path) -> None:
    found = await report(tmp_path, port="9000", metadata_fields="year:number")
    value, text = json.loads(msgspec.json.encode(found)), for_people(found)
    assert {"name": "port", "value": 9000, "source": "environment"} in value["settings"]
    assert "year:number" in text
    assert all(finding["detail"] in text for group in ("versions", "stores", "models") for finding in value[group])
    assert "Footnote can run." in text


async def test_no_secret_is_in_either(tmp_path: Path) -> None:
    found = await report(
        tmp_path,
        api_keys="ada:hunter2",
        store="mongodb://ada:hunter3@127.0.0.1:9/db",
        mongodb_selection_seconds="0.1",
        otlp_endpoint="http://ada:hunter4@host",
        otlp_headers="k=hunter5",
        embedding_model="compatible:m",
        embedding_dimension="8",
        compatible_base_url="http://ada:hunter6@host/v1",
    )
    assert "mongodb://***@127.0.0.1:9/db" in for_people(found)
    assert "hunter" not in for_people(found) + msgspec.json.encode(found).decode() + repr(found)


async def test_a_server_that_does_not_answer_is_broken(tmp_path: Path) -> None:
    found = await report(tmp_path, store="mongodb://127.0.0.1:9/db", mongodb_selection_seconds="0.1")
    assert (found.exit_code, broken(found)) == (1, ["server"])
    assert "cannot run" in for_people(found)


async def test_lancedb_that_is_chosen_and_not_there_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lancedb", None)
    found = await report(tmp_path, vectors="lancedb")
    assert (broken(found), found.can_run) == (["vectors"], False)
    assert "make lancedb" in for_people(found)


async def test_an_open_address_without_a_key_is_broken(tmp_path: Path) -> None:
    assert broken(await report(tmp_path, host="0.0.0.0")) == ["address"]
    assert broken(await report(tmp_path, host="0.0.0.0", api_keys="ada:hunter2")) == []


def test_a_home_below_a_file_is_broken(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert examine_home(tmp_path / "file" / "home").state == "broken"


async def test_a_database_tells_its_journal_and_schema(tmp_path: Path) -> None:
    finding = examine_database(await made(tmp_path))
    assert (finding.state, "journal wal" in finding.detail) == ("ok", True)
    assert finding.detail.endswith("schema up to date")


async def test_an_older_schema_is_broken_and_comes_with_the_command_that_mends_it(tmp_path: Path) -> None:
    finding = examine_database(await made(tmp_path, {"storage": MIGRATIONS["storage"]}))
    assert (finding.state, "migrations to apply" in finding.detail) == ("broken", True)
    assert "footnote migrate" in finding.remedy


async def test_a_newer_schema_is_broken(tmp_path: Path) -> None:
    newer = {**MIGRATIONS, "later": (Migration(1, "later", "CREATE TABLE later (id TEXT) STRICT;"),)}
    assert examine_database(await made(tmp_path, newer)).state == "broken"


def test_a_file_that_is_no_database_is_broken(tmp_path: Path) -> None:
    (path := tmp_path / "footnote.db").write_bytes(b"not a database, and long enough to be read as one" * 100)
    finding = examine_database(path)
    assert (finding.state, finding.remedy != "") == ("broken", True)


def test_missing_weights_are_broken_and_come_with_a_remedy() -> None:
    def read() -> bytes:
        raise WeightsMissing("weights==1")

    finding = examine_file("weights", read)
    assert (finding.state, "make setup" in finding.remedy) == ("broken", True)


def test_a_model_that_is_not_built_yet_is_no_fault(tmp_path: Path) -> None:
    assert examine_built(tmp_path, "int8").state == "ok"


def test_models_below_a_file_are_broken(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert examine_built(tmp_path / "file" / "models", "int8").state == "broken"


def test_a_library_that_does_not_load_is_broken() -> None:
    assert examine_library("no_such_library").state == "broken"


async def test_a_program_that_is_missing_is_off_and_says_how_to_get_it() -> None:
    finding = await examine_program(Program("tool", ("no-such-tool",), "-v", "cutting", "make tools"))
    assert finding == Finding("tool", "off", "not installed; off: cutting", "get it with make tools")


@pytest.mark.parametrize("script", ["#!/bin/sh\nexec sleep 60", "not a program"])
async def test_a_program_that_does_not_answer_is_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    (path := tmp_path / "tool").write_text(script)
    path.chmod(0o755)
    monkeypatch.setattr(programs, "SECONDS", 0.05)
    assert (await examine_program(Program("tool", (str(path),), "-v", "cutting"))).state == "off"


async def test_a_program_tells_its_version(tmp_path: Path) -> None:
    (path := tmp_path / "tool").write_text("#!/bin/sh\necho noise >&2; echo tool 7; echo more")
    path.chmod(0o755)
    finding = await examine_program(Program("tool", ("no-such-tool", str(path)), "-v", "cutting"))
    assert finding.detail == "tool 7; for cutting"


async def test_markup_in_a_value_is_shown_as_it_is(tmp_path: Path) -> None:
    assert "[red]x[/red]" in for_people(await report(tmp_path, service_name="[red]x[/red]"))
