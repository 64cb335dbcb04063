"""Instructions to a model that somebody planted in a text."""

from footnote.platform.safety.instructions.detector import InstructionDetector, Reading, Span, read_words

__all__ = ["InstructionDetector", "Reading", "Span", "read_words"]
