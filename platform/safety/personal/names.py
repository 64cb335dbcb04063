"""Names of people, which Presidio finds with a pipeline of spaCy."""

import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from footnote.platform.errors import FootnoteError
from footnote.platform.safety.personal.findings import Finding

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine

PERSON = "PERSON"
LANGUAGE = "en"  # by which Presidio knows the pipeline, whatever it reads


class NamesMissing(FootnoteError):
    title = "Names of people cannot be found"


class PresidioNames:
    """A `Recogniser`. It finds in one thread at a time."""

    def __init__(self, pipeline: str) -> None:
        """`pipeline` is the name of an installed one, such as `en_core_web_lg`, or a folder.

        Raises:
            NamesMissing: The extra or the pipeline is not installed, or cannot be loaded. Nothing is fetched.
        """
        if find_spec("presidio_analyzer") is None:
            raise NamesMissing(
                "FOOTNOTE_PERSON_NAMES asks for Presidio. Get it with `make presidio` or `pip install "
                "'footnote[presidio]'`, or leave the setting empty."
            )
        if not _is_there(pipeline):
            raise NamesMissing(
                f"spaCy has no pipeline {pipeline!r}, and there is no such folder. Get one with `python -m spacy "
                "download NAME`, or leave FOOTNOTE_PERSON_NAMES empty."
            )
        self._lock = threading.RLock()  # what is loaded may log, and names are looked for in logs
        try:
            self._analyzer = _analyzer(pipeline)
        except (ImportError, OSError, ValueError) as error:
            raise NamesMissing(f"spaCy cannot load the pipeline {pipeline!r}: {error}") from None

    def __call__(self, text: str) -> Iterator[Finding]:
        with self._lock:
            found = self._analyzer.analyze(text=text, language=LANGUAGE, entities=[PERSON])
        for name in found:
            yield Finding(name.start, name.end, "name")


def _analyzer(pipeline: str) -> "AnalyzerEngine":
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    from presidio_analyzer.predefined_recognizers import SpacyRecognizer

    engine = SpacyNlpEngine(models=[{"lang_code": LANGUAGE, "model_name": pipeline}])
    engine.load()
    recogniser = SpacyRecognizer(supported_language=LANGUAGE, supported_entities=[PERSON])
    registry = RecognizerRegistry(recognizers=[recogniser], supported_languages=[LANGUAGE])
    return AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=[LANGUAGE])


def _is_there(pipeline: str) -> bool:
    return Path(pipeline).is_dir() or (pipeline.isidentifier() and find_spec(pipeline) is not None)
