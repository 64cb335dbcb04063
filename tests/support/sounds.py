"""Recordings made by arithmetic: tones and silence, in every format that is taken in."""

import math
import subprocess
import wave
from array import array
from pathlib import Path

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
    samples = array("h")
    for seconds, loudness in stretches:
        for n in range(int(seconds * rate)):
            tremor = 0.75 + 0.25 * math.sin(2 * math.pi * 3 * n / rate)
            samples.extend([int(32_767 * loudness * tremor * math.sin(2 * math.pi * 220 * n / rate))] * channels)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return path


def encode(recording: Path, suffix: str) -> Path:
    """A copy in another format."""
    target = recording.with_suffix(f".{suffix}")
    if target != recording:
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", recording, target], check=True)
    return target
