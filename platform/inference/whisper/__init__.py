"""OpenAI's Whisper on this machine, in a process of its own; needs the extra `audio`."""

from footnote.platform.inference.whisper.adapter import WhisperTranscriber
from footnote.platform.inference.whisper.errors import ModelNotLoaded, UnknownModel, WhisperBroken, WhisperMissing

__all__ = ["ModelNotLoaded", "UnknownModel", "WhisperBroken", "WhisperMissing", "WhisperTranscriber"]
