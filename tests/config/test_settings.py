import re
import tomllib
import traceback
from pathlib import Path

import msgspec
import pytest

from footnote.config.setting_types import OtlpEndpoint, OtlpHeaders, StoreLocation
from footnote.config.settings import DEFAULTS, Settings, describe, load_settings
from footnote.config.settings_table import settings_table
from footnote.platform.settings import InvalidSettings

SECRETS = {
    "FOOTNOTE_API_KEYS": "lovelace:hunter2,hunter3",
    "FOOTNOTE_STORE": "mongodb+srv://lovelace:hunter4@host/db",
    "FOOTNOTE_OTLP_ENDPOINT": "https://lovelace:hunter5@collector",
    "FOOTNOTE_OTLP_HEADERS": "authorization=Bearer%20hunter6",
}


def test_the_defaults_are_complete_and_right(tmp_path: Path) -> None:
    resolved = load_settings({}, folder=tmp_path)
    assert set(resolved.sources.values()) == {"default"}
    assert (resolved.settings.max_upload_bytes, resolved.settings.extract_memory_bytes) == (200_000_000, 4 << 30)


def test_file_then_standard_variable_then_variable_then_flag(tmp_path: Path) -> None:
    (tmp_path / "footnote.toml").write_text('port = 1\nservice_name = "file"\nhost = "file"\nlog_level = "DEBUG"')
    environ = {"FOOTNOTE_PORT": "2", "FOOTNOTE_HOST": "variable", "OTEL_SERVICE_NAME": "standard"}
    resolved = load_settings(environ, folder=tmp_path, flags={"port": 3, "host": None})
    settings = resolved.settings
    assert (settings.port, settings.host, settings.service_name, settings.log_level) == (
        3,
        "variable",
        "standard",
        "DEBUG",
    )
    assert [resolved.sources[name] for name in ("port", "host", "log_level")] == [
        "command line",
        "environment",
        "footnote.toml",
    ]


def test_a_named_file_takes_the_place_of_the_one_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "footnote.toml").write_text("port = 1")
    (tmp_path / "other.toml").write_text("metadata_fields = {year = 'number'}")
    settings = load_settings({"FOOTNOTE_CONFIG": "other.toml"}, folder=tmp_path).settings
    assert (settings.port, settings.metadata_fields) == (8000, {"year": "number"})


def test_a_named_file_that_is_missing_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match=r"other.toml, named by FOOTNOTE_CONFIG: cannot be read"):
        load_settings({"FOOTNOTE_CONFIG": "other.toml"}, folder=tmp_path)


def test_every_place_reports_its_wrong_settings_together(tmp_path: Path) -> None:
    (tmp_path / "footnote.toml").write_text("prot = 1")
    environ = {"FOOTNOTE_CHUNK_TOKENS": "0", "OTEL_EXPORTER_OTLP_ENDPOINT": "collector", "HOME": "/"}
    with pytest.raises(InvalidSettings) as error:
        load_settings(environ, folder=tmp_path, flags={"port": 70000})
    assert error.value.problems == (
        "prot (footnote.toml): there is no such setting; did you mean port?",
        "OTEL_EXPORTER_OTLP_ENDPOINT (environment): *** is not allowed; allowed: http://… or https://…, or empty",
        "FOOTNOTE_CHUNK_TOKENS (environment): '0' is not allowed; allowed: whole number from 32 to 256",
        "--port (command line): 70000 is not allowed; allowed: whole number from 0 to 65535",
    )


@pytest.mark.parametrize("name", [name for name, value in SECRETS.items() if "://" in value])
def test_a_wrong_secret_is_not_in_the_error_nor_in_its_traceback(tmp_path: Path, name: str) -> None:
    wrong = SECRETS["FOOTNOTE_OTLP_HEADERS"]
    with pytest.raises(InvalidSettings) as error:
        load_settings({name: wrong}, folder=tmp_path)
    assert "hunter" not in "".join(traceback.format_exception(error.value))


def test_no_secret_is_in_what_the_settings_show(tmp_path: Path) -> None:
    resolved = load_settings(SECRETS, folder=tmp_path)
    rows = msgspec.json.encode(describe(resolved)).decode()
    shown = repr(resolved) + str(resolved.settings) + rows
    assert "hunter" not in shown
    assert "lovelace" not in shown


def test_settings_with_secrets_are_not_encoded_by_accident(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        msgspec.json.encode(load_settings(SECRETS, folder=tmp_path).settings)


def test_a_row_names_value_and_source(tmp_path: Path) -> None:
    rows = {row.name: (row.value, row.source) for row in describe(load_settings(SECRETS, folder=tmp_path))}
    assert rows["api_keys"] == (["***", "***"], "environment")
    assert rows["store"] == ("mongodb+srv://***@host/db", "environment")
    assert rows["port"] == (8000, "default")


@pytest.mark.parametrize(
    ("location", "kind"),
    [("sqlite", "sqlite"), ("mongodb://h", "mongodb"), ("mongodb+srv://u:p@h/d", "mongodb")],
)
def test_a_store_is_of_a_kind(location: str, kind: str) -> None:
    assert StoreLocation(location).kind == kind


@pytest.mark.parametrize("kind", [StoreLocation, OtlpEndpoint, OtlpHeaders])
@pytest.mark.parametrize("value", ["mysql://h", "http://", "a=b\nc: d", "sqlite ", "=b"])
def test_malformed_locations_and_headers_are_refused(kind: type[StoreLocation], value: str) -> None:
    with pytest.raises(ValueError, match="Expected"):
        kind(value)


@pytest.mark.parametrize("value", ["http://[::1", "http://host:port", "http://host:99999", "http://host:0", "//host"])
def test_an_address_that_cannot_be_called_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(InvalidSettings):
        load_settings({"FOOTNOTE_OTLP_ENDPOINT": value}, folder=tmp_path)


def test_a_malformed_key_is_wrong_and_not_shown(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings) as error:
        load_settings({"FOOTNOTE_API_KEYS": "lovelace:hunter2,lovelace: hunter3"}, folder=tmp_path)
    assert str(error.value).startswith("FOOTNOTE_API_KEYS (environment): *** is not allowed")
    assert "hunter" not in str(error.value)


def test_headers_are_pairs() -> None:
    assert OtlpHeaders("Authorization=Bearer%20x, k=a=b,").pairs() == {"authorization": "Bearer x", "k": "a=b"}
    assert OtlpHeaders("").pairs() == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cors_origins", "*"),
        ("cors_origins", "https://a/b"),
        ("metadata_fields", "Year:number"),
        ("chat_model", "local:other"),
    ],
)
def test_origins_keys_and_models_have_a_form(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(InvalidSettings):
        load_settings({f"FOOTNOTE_{name.upper()}": value}, folder=tmp_path)


def test_the_table_has_a_full_row_for_each_setting() -> None:
    rows = settings_table().splitlines()[2:]
    assert [re.findall(r"`FOOTNOTE_(\w+)`", row)[0].lower() for row in rows] == list(Settings.__struct_fields__)
    assert all(row.count("|") == 5 and not row.endswith("|  |") for row in rows)


def test_the_defaults_stand_in_the_order_of_the_settings() -> None:
    assert list(tomllib.loads(DEFAULTS.read_text("utf-8"))) == list(Settings.__struct_fields__)


def test_another_place_for_embeddings_needs_sqlite(tmp_path: Path) -> None:
    assert load_settings({"FOOTNOTE_VECTORS": "lancedb"}, folder=tmp_path).settings.vectors == "lancedb"
    with pytest.raises(InvalidSettings, match="lancedb is for the store sqlite"):
        load_settings({"FOOTNOTE_VECTORS": "lancedb", "FOOTNOTE_STORE": "mongodb://host/db"}, folder=tmp_path)


def test_files_in_gridfs_need_mongodb(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="gridfs is not there with the store sqlite"):
        load_settings({"FOOTNOTE_BLOBS": "gridfs"}, folder=tmp_path)
    environ = {"FOOTNOTE_BLOBS": "gridfs", "FOOTNOTE_STORE": "mongodb://host/db"}
    assert load_settings(environ, folder=tmp_path).settings.blobs.kind == "gridfs"


@pytest.mark.parametrize("place", ["", "folder", "s3://bucket/prefix", "gs://bucket", "az://container", "file:///srv"])
def test_files_are_kept_in_a_folder_or_at_a_url(tmp_path: Path, place: str) -> None:
    settings = load_settings({"FOOTNOTE_BLOBS": place}, folder=tmp_path).settings
    assert (settings.blobs.reveal(), settings.blobs.kind) == (place, place.partition(":")[0])


@pytest.mark.parametrize("place", ["bucket", "s3://", "http://host/blobs", "file://relative"])
def test_files_are_kept_nowhere_else(tmp_path: Path, place: str) -> None:
    with pytest.raises(InvalidSettings, match=r"FOOTNOTE_BLOBS \(environment\): \*\*\* is not allowed"):
        load_settings({"FOOTNOTE_BLOBS": place}, folder=tmp_path)
