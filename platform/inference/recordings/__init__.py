"""Recordings as samples: decoded by ffmpeg, cut where nobody speaks, heard section by section."""

from footnote.platform.inference.recordings.decoding import Recording, decode
from footnote.platform.inference.recordings.hearing import LONGEST, Heard, decode_in, listen, moved
from footnote.platform.inference.recordings.sections import RATE, Section, is_silent, read_samples, sections

__all__ = [
    "LONGEST",
    "RATE",
    "Heard",
    "Recording",
    "Section",
    "decode",
    "decode_in",
    "is_silent",
    "listen",
    "moved",
    "read_samples",
    "sections",
]
