"""Files of every format, damaged at random, read as the pipeline reads them: in a child process with limits."""

import asyncio
import io
import shutil
import tempfile
import time
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from footnote.modules.ingestion.extraction import SUPPORTED, Options, sniff
from footnote.modules.ingestion.extraction.errors import UnforeseenFault, Unreadable
from footnote.modules.ingestion.extraction.kinds import AUDIO
from footnote.modules.ingestion.offloaded import extract_to
from footnote.platform.process_child import ProcessLimits
from footnote.platform.processes import ProcessCrashed, ProcessPool, ProcessTimeout

LIMITS = ProcessLimits(memory=2 << 30, file_size=64 << 20, open_files=256)
OPTIONS = Options(max_pages=50, max_characters=2_000_000, max_unpacked_bytes=64 << 20, max_attachments=20)
STALL = 60.0  # seconds
BATCH = 100  # damaged files of one seed
LARGEST = 1 << 20  # bytes of a file that is worth damaging

TELLING = [b"\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"<", b"(", b"{", b"/", b"%s", b"-1", b"9" * 20]

Edit = tuple[str, int, int, bytes]
edits = st.lists(
    st.tuples(
        st.sampled_from(["overwrite", "delete", "insert", "repeat", "cut"]),
        st.integers(0, LARGEST),
        st.integers(1, 64),
        st.binary(min_size=1, max_size=8)
        | st.sampled_from(
            [b"\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"<", b"(", b"{", b"/", b"%s", b"-1", b"9" * 20]
        ),
    ),
    min_size=1,
    max_size=12,
)


@dataclass
class Findings:
    outcomes: Counter[str] = field(default_factory=Counter)  # by kind of file and what became of it
    unexpected: list[str] = field(default_factory=list)
    slowest: float = 0.0  # seconds

    @property
    def files(self) -> int:
        return self.outcomes.total()


def damaged(content: bytes, changes: list[Edit]) -> bytes:
    for kind, place, length, piece in changes:
        at = place % (len(content) or 1)
        match kind:
            case "overwrite":
                content = content[:at] + piece + content[at + len(piece) :]
            case "delete":
                content = content[:at] + content[at + length :]
            case "insert":
                content = content[:at] + piece + content[at:]
            case "repeat":
                content = content[:at] + content[at : at + length] * length + content[at + length :]
            case "cut":
                content = content[: max(at, 1)]
    return content


def damaged_inside(content: bytes, member: int, changes: list[Edit]) -> bytes:
    """The archive with one member damaged, and packed properly again."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after:
        entries = before.infolist()
        for number, entry in enumerate(entries):
            inside = before.read(entry)
            after.writestr(entry.filename, damaged(inside, changes) if number == member % len(entries) else inside)
    return packed.getvalue()


def fuzz(files: dict[str, bytes], seconds: float, first_seed: int = 0) -> Findings:
    """Read damaged ones of `files` for so long."""
    findings, end, batch = Findings(), time.monotonic() + seconds, first_seed
    with asyncio.Runner() as runner, tempfile.TemporaryDirectory() as folder:
        pool = ProcessPool(max_workers=2, limits=LIMITS)

        def attempt(name: str, changes: list[Edit], member: int) -> None:
            if time.monotonic() < end:
                is_packed = files[name][:2] == b"PK" and member % 2
                content = damaged_inside(files[name], member, changes) if is_packed else damaged(files[name], changes)
                runner.run(read(pool, Path(folder), name, content, findings))

        while time.monotonic() < end:
            once = settings(
                max_examples=BATCH, deadline=None, database=None, phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            seed(batch)(once(given(st.sampled_from(sorted(files)), edits, st.integers(0, 63))(attempt)))()
            batch += 1
        runner.run(pool.close())
    return findings


async def read(pool: ProcessPool, folder: Path, name: str, content: bytes, findings: Findings) -> None:
    path, target, scratch = folder / name, folder / "target", folder / "scratch"
    path.write_bytes(content)
    scratch.mkdir()
    start = time.monotonic()
    suffix = Path(name).suffix
    try:
        media_type = sniff(path, name)
        if media_type not in SUPPORTED - AUDIO:
            findings.outcomes[f"{suffix}: not read"] += 1
            return
        await pool.run(extract_to, target, path, media_type, OPTIONS, scratch, timeout=STALL)
        findings.outcomes[f"{suffix}: read"] += 1
    except UnforeseenFault as error:
        findings.outcomes[f"{suffix}: unforeseen, {cause_of(error)}"] += 1
    except Unreadable as error:
        findings.outcomes[f"{suffix}: {error.title}"] += 1
    except (MemoryError, ProcessCrashed, ProcessTimeout) as error:
        findings.outcomes[f"{suffix}: {type(error).__name__} in the sandbox"] += 1
    except Exception as error:
        findings.unexpected.append(f"{name}: {error!r}\n{''.join(getattr(error, '__notes__', []))}")
    finally:
        findings.slowest = max(findings.slowest, time.monotonic() - start)
        target.unlink(missing_ok=True)
        shutil.rmtree(scratch)


def cause_of(error: Exception) -> str:
    """The last line of the first traceback that the child noted, and where it was raised."""
    lines = "".join(error.__notes__).split("\nThe above exception")[0].splitlines()
    places = [line.strip() for line in lines if line.strip().startswith("File ")]
    return f"{lines[-1].strip()[:60] or lines[-2].strip()[:60]} {places[-1].split('/')[-1] if places else ''}"
