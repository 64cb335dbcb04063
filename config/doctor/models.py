"""The local embedding model."""

from collections.abc import Callable
from pathlib import Path

from footnote.config.doctor.report import Finding
from footnote.platform.errors import Unavailable
from footnote.platform.inference.local import Precision
from footnote.platform.inference.local.store import ModelFile
from footnote.platform.inference.local.weights import MODEL, read_vocabulary, read_weights


def examine_models(folder: Path, precision: Precision) -> tuple[Finding, ...]:
    return (
        examine_file("weights", read_weights),
        examine_file("vocabulary", read_vocabulary),
        examine_built(folder, precision),
    )


def examine_file(name: str, read: Callable[[], bytes]) -> Finding:
    try:
        size = len(read())
    except Unavailable as error:
        return Finding(name, "broken", error.title, error.detail)
    return Finding(name, "ok", f"{MODEL}, {size / 10**6:.1f} MB, as expected")


def examine_built(folder: Path, precision: Precision) -> Finding:
    name = f"{precision} model"
    try:
        built = ModelFile(folder, precision).read()
    except OSError as error:
        return Finding(name, "broken", f"{folder}: {error.strerror}", "make the folder readable")
    if built is None:
        return Finding(name, "ok", "built from the weights at its first use")
    return Finding(name, "ok", f"built, in {folder.resolve()}")
