"""Recordings made by arithmetic: tones and silence, in every format that is taken in."""

import subprocess
import wave
from pathlib import Path

import numpy as np

RATE = 16_000
MEDIA_TYPES = {
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
}


def write_tones(path: Path, *stretches: tuple[float, float], channels: int = 1, rate: int = RATE) -> Path:
    """Stretches of (seconds, loudness in [0, 1]) one after the other, as WAV, at 220 Hz with a slow tremor."""
    samples = np.concatenate([_tone(int(seconds * rate), rate) * loudness for seconds, loudness in stretches])
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat((32_767 * samples).astype("<i2"), channels).tobytes())
    return path


def _tone(count: int, rate: int) -> np.ndarray:
    turns = 2 * np.pi * np.arange(count) / rate
    return (0.75 + 0.25 * np.sin(3 * turns)) * np.sin(220 * turns)


def encode(recording: Path, suffix: str) -> Path:
    """A copy in another format."""
    target = recording.with_suffix(f".{suffix}")
    if target != recording:
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", recording, target], check=True)
    return target
