"""The dependency rules of the modular monolith, read off the syntax tree: import-linter cannot see relative imports."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SLICES = sorted(package.parent.name for package in (ROOT / "modules").glob("*/__init__.py"))
SERVICES = sorted(ROOT.glob("modules/*/service.py")) + sorted(ROOT.glob("modules/*/models.py"))


def imports(files: list[Path]) -> Iterator[tuple[str, str]]:
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                yield str(file.relative_to(ROOT)), "." * node.level + (node.module or "")
            elif isinstance(node, ast.Import):
                yield from ((str(file.relative_to(ROOT)), alias.name) for alias in node.names)


def offences(files: list[Path], *banned: str) -> list[tuple[str, str]]:
    return [(file, name) for file, name in imports(files) if any(f"{name}.".startswith(f"{b}.") for b in banned)]


def inside(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def test_there_is_something_to_check() -> None:
    assert len(SLICES) == 6
    assert ("platform/context.py", "opentelemetry") in imports(inside("platform"))


@pytest.mark.parametrize("name", SLICES)
def test_a_slice_reaches_other_slices_only_through_their_package(name: str) -> None:
    others = tuple(f"footnote.modules.{other}." for other in SLICES if other != name)
    assert [hit for hit in imports(inside(f"modules/{name}")) if hit[1].startswith(others)] == []


@pytest.mark.parametrize("name", SLICES)
def test_no_slice_knows_the_wiring(name: str) -> None:
    assert offences(inside(f"modules/{name}"), "footnote.config") == []


def test_the_kernel_imports_no_slice_and_no_wiring() -> None:
    assert offences(inside("platform"), "footnote.modules", "footnote.config") == []


def test_services_and_models_know_no_framework_and_no_driver() -> None:
    assert offences(SERVICES, "litestar", "pymongo", "sqlite3") == []


@pytest.mark.parametrize("folder", ["config", "modules", "platform", "tests"])
def test_imports_are_absolute(folder: str) -> None:
    assert [hit for hit in imports(inside(folder)) if hit[1].startswith(".")] == []
