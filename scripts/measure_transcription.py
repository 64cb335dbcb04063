"""Word error rate of transcripts of recordings whose words are known.

    FOOTNOTE_WHISPER_MODEL=NAME_OR_FILE python scripts/measure_transcription.py [FOLDER]

Words are compared in small letters without punctuation; substitutions, insertions and deletions (Levenshtein) are
counted over the words that were said. The manifest.json beside the recordings holds those.
"""

import argparse
import asyncio
import json
import os
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from footnote.platform.inference.transcription import Transcriber
from footnote.platform.inference.whisper import WhisperTranscriber
from footnote.platform.processes import ProcessPool
from footnote.platform.storage.scratch import Scratch

RECORDINGS = Path(__file__).parents[2] / "shared" / "data" / "files" / "audio"
MEDIA_TYPES = {
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
}
WORD = re.compile(r"[\w']+")


class Score(NamedTuple):
    errors: int
    words: int  # that were said
    sound: float  # seconds
    spent: float  # seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=RECORDINGS, help="recordings and their manifest.json")
    folder = parser.parse_args().folder
    model = os.environ.get("FOOTNOTE_WHISPER_MODEL")
    if not model:
        print("Accuracy of transcripts: not run. FOOTNOTE_WHISPER_MODEL names no weights.")
        return 0
    if not (folder / "manifest.json").is_file():
        print(f"Accuracy of transcripts: not run. There is no manifest.json in {folder}.")
        return 0
    scores = asyncio.run(measure(model, folder))
    print_total(model, scores)
    return 0 if scores else 1


async def measure(model: str, folder: Path) -> list[Score]:
    scores = []
    pool = ProcessPool(max_workers=1)
    with tempfile.TemporaryDirectory() as folder:
        transcriber = WhisperTranscriber(
            pool, model, weights=Path(folder), timeout=3600, scratch=Scratch(Path(folder) / "scratch")
        )
        print(f"{'recording':44} {'seconds':>8} {'took':>7} {'words':>6} {'errors':>7}")
        for name, said in expected(folder):
            scores.append(await score(transcriber, folder / name, said))
            show(name, scores[-1])
    await pool.close()
    return scores


def expected(folder: Path) -> list[tuple[str, str]]:
    """The recordings that are there and whose one transcript is known."""
    entries = json.loads((folder / "manifest.json").read_text("utf-8"))
    known = [(entry["file"], entry["expected"].get("transcript")) for entry in entries]
    return [(name, said) for name, said in known if said is not None and (folder / name).is_file()]


async def score(transcriber: Transcriber, path: Path, said: str) -> Score:
    start = time.perf_counter()
    transcript = await transcriber.transcribe(path, media_type=MEDIA_TYPES[path.suffix])
    heard = " ".join(segment.text for segment in transcript.segments)
    return Score(
        word_errors(words(said), words(heard)), len(words(said)), transcript.seconds, time.perf_counter() - start
    )


def words(text: str) -> list[str]:
    return WORD.findall(text.lower().replace("’", "'"))


def word_errors(said: list[str], heard: list[str]) -> int:
    """Fewest words to put, drop or change to make one from the other."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(said, start=1):
        last, row = row, [number]
        for column, other in enumerate(heard, start=1):
            row.append(min(last[column] + 1, row[-1] + 1, last[column - 1] + (word != other)))
    return row[-1]


def show(name: str, score: Score) -> None:
    print(f"{name:44} {score.sound:8.1f} {score.spent:7.1f} {score.words:6} {score.errors:7}")


def print_total(model: str, scores: list[Score]) -> None:
    errors, said = sum(score.errors for score in scores), sum(score.words for score in scores)
    sound, spent = sum(score.sound for score in scores), sum(score.spent for score in scores)
    rate = f"{errors / said:.1%}" if said else "none"
    print(f"\n{model}: word error rate {rate} ({errors} of {said} words), {sound / spent:.1f} s of sound a second")


if __name__ == "__main__":
    sys.exit(main())
