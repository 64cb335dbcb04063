"""Why Whisper cannot be used, and what to do about it. They travel between processes."""

from collections.abc import Iterable

from footnote.platform.inference.transcription import NotSetUp


class WhisperMissing(NotSetUp):
    def __init__(self) -> None:
        super().__init__("The package openai-whisper is not installed. Get it with `make audio`.")


class WhisperBroken(NotSetUp):
    def __init__(self, reason: str) -> None:
        super().__init__(f"The package openai-whisper does not load: {reason}. Get it anew with `make audio`.")


class UnknownModel(NotSetUp):
    def __init__(self, model: str, known: Iterable[str]) -> None:
        super().__init__(
            f"FOOTNOTE_TRANSCRIPTION_MODEL asks for Whisper's model {model!r}, which is neither a file nor one of "
            f"{', '.join(known)}.",
            model=model,
        )


class ModelNotLoaded(NotSetUp):
    def __init__(self, model: str, reason: str) -> None:
        super().__init__(f"Whisper's model {model!r} could not be loaded: {reason}.", model=model)
