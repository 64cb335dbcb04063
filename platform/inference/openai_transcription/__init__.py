"""Transcription by OpenAI, or by any server that answers as it does."""

from footnote.platform.inference.openai_transcription.adapter import OpenAITranscriber
from footnote.platform.inference.openai_transcription.errors import KeyMissing, ServiceBusy, ServiceRefused

__all__ = ["KeyMissing", "OpenAITranscriber", "ServiceBusy", "ServiceRefused"]
