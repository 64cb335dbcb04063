"""How a run goes: what takes long begins first, and what only Atlas can show is left out unless it is asked for."""

import gc
from collections.abc import Generator

import pytest

# Files of tests go to whichever process is free: one that takes minutes shall not begin last.
LONGEST = (
    "end_to_end/test_kill.py",
    "extraction/test_real_files.py",
    "extraction/test_ocr_real_files.py",
    "end_to_end/test_full_disk.py",
    "faults/test_served.py",
    "extraction/test_pdf_boxes.py",
    "extraction/test_fuzzing.py",
    "extraction/test_image_extraction.py",
    "contracts/test_chunk_index_cranfield.py",
    "end_to_end/",
    "faults/",
    "browser/",
    "security/",
    "contracts/",
    "platform/inference/",
    "config/",
)
ATLAS = "atlas"
LEFT_OUT = "atlas_left_out"

_left_out = pytest.StashKey[int]()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Millions of objects that all stay: to look for garbage among them takes a sixth of the time, and later again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.option.markexpr:
        _leave_out(config, items)
    items.sort(key=_turn)


def _leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    atlas = [item for item in items if item.get_closest_marker(ATLAS)]
    items[:] = [item for item in items if item not in atlas]
    config.stash[_left_out] = len(atlas)
    if hasattr(config, "workeroutput"):
        config.workeroutput[LEFT_OUT] = len(atlas)
    elif atlas:
        config.hook.pytest_deselected(items=atlas)


def _turn(item: pytest.Item) -> int:
    path = item.path.as_posix()
    return next((place for place, part in enumerate(LONGEST) if f"/{part}" in path), len(LONGEST))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """One of the processes of a run has ended; each collected the same tests."""
    node.config.stash[_left_out] = getattr(node, "workeroutput", {}).get(LEFT_OUT, 0)  # type: ignore[attr-defined]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if count := config.stash.get(_left_out, 0):
        terminalreporter.line(f"{count} tests marked atlas deselected: they need Docker (`pytest -m atlas` runs them)")
