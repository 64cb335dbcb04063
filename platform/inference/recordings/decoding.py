"""Any recording to 16-bit samples of one channel, by ffmpeg."""

import errno
import shutil
import subprocess
from pathlib import Path

import msgspec

from footnote.platform.inference.recordings.sections import RATE, SAMPLE_BYTES, Section, sections
from footnote.platform.inference.transcription import FfmpegMissing, RecordingTooLong, UnreadableRecording
from footnote.platform.process_child import report

# What ffmpeg takes a file for is not left to its guess: a playlist that calls itself a recording could name others.
DEMUXERS = {"audio/wav": "wav", "audio/mpeg": "mp3", "audio/mp4": "mov", "audio/flac": "flac", "audio/ogg": "ogg"}
POLL = 1.0  # seconds


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    seconds: float
    sections: list[Section]
    warnings: tuple[str, ...]


def decode(path: Path, media_type: str, pcm: Path, longest: int, longest_section: float) -> Recording:
    """Write the sound of the file at `path` to `pcm`; several channels are mixed into one. Lengths are in seconds.

    Raises:
        FfmpegMissing: There is no such program.
        UnreadableRecording: There is no sound in the file that ffmpeg could read.
        RecordingTooLong: It is longer than `longest`.
        OSError: The disk is full.
    """
    program = shutil.which("ffmpeg")
    if program is None:
        raise FfmpegMissing
    source = ["-protocol_whitelist", "file", "-f", DEMUXERS[media_type], "-i", f"file:{path.absolute()}"]
    target = ["-map", "0:a:0", "-t", str(longest + 1), "-ac", "1", "-ar", str(RATE), "-f", "s16le"]
    complaint, is_failed = _run([program, "-nostdin", "-v", "error", "-y", *source, *target, f"file:{pcm.absolute()}"])
    seconds = pcm.stat().st_size / SAMPLE_BYTES / RATE if pcm.exists() else 0.0
    if "No space left on device" in complaint:
        raise OSError(errno.ENOSPC, "No space left on device", str(pcm))
    if not seconds:
        raise UnreadableRecording("There is no sound in this file that can be read; it may be damaged or protected.")
    if seconds > longest:
        raise RecordingTooLong(f"It is longer than {longest / 3600:g} hours. Cut it and upload the pieces.")
    return Recording(
        seconds=seconds,
        sections=sections(pcm, longest_section),
        warnings=(_damage(seconds),) if is_failed else (),
    )


def _run(command: list[str]) -> tuple[str, bool]:
    """What ffmpeg complained of, and whether it gave up."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:  # noqa: S603 ours
        while True:
            try:
                _, complaint = process.communicate(timeout=POLL)
                break
            except subprocess.TimeoutExpired:
                report(0, 0)
    return complaint.decode(errors="replace"), process.returncode != 0


def _damage(seconds: float) -> str:
    return f"The recording is damaged; only its first {int(seconds // 60)}:{int(seconds % 60):02} could be read."
