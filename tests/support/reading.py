"""Files read as the pipeline reads them, with their parts joined."""

import hashlib
import os
import pickle
import tempfile
from pathlib import Path

import msgspec

from footnote.modules.ingestion.extraction import Context, Options, extract
from footnote.modules.ingestion.models import Extraction
from footnote.modules.ingestion.parts import joined
from footnote.platform.language import language_of

_kept: dict[Path, Path] = {}  # folders of files that nobody changes: where it is kept what was read of them


def read_once(files: Path, kept: Path) -> None:
    """From now on files of that folder are read by the first process of a run that wants them, and by no other."""
    kept.mkdir(exist_ok=True)
    _kept[files] = kept


def read_file(path: Path, media_type: str, **options: object) -> Extraction:
    place = _place(path, repr((str(path), media_type, sorted(options.items()))))
    if place is None:
        return _read(path, media_type, options)
    if not place.exists():
        begun = place.with_suffix(f".{os.getpid()}")
        begun.write_bytes(pickle.dumps(_read(path, media_type, options)))
        begun.replace(place)
    found: Extraction = pickle.loads(place.read_bytes())
    return found


def _place(path: Path, key: str) -> Path | None:
    name = hashlib.sha256(key.encode()).hexdigest()
    return next((kept / name for files, kept in _kept.items() if path.is_relative_to(files)), None)


def _read(path: Path, media_type: str, options: dict[str, object]) -> Extraction:
    with tempfile.TemporaryDirectory() as scratch:
        context = Context(Path(scratch), Options(**options))  # type: ignore[arg-type]
        extraction = joined(list(extract(path, media_type, context)))
    return msgspec.structs.replace(extraction, language=extraction.language or language_of(extraction.text))
