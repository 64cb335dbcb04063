"""Programs of the system that footnote can use and runs without."""

import asyncio
import shutil
from dataclasses import dataclass

from footnote.config.doctor.report import Finding

SECONDS = 5.0  # for a program to tell its version


@dataclass(frozen=True, slots=True)
class Program:
    name: str
    commands: tuple[str, ...]  # the first that is there
    flag: str
    purpose: str
    remedy: str = "make system"


PROGRAMS = (
    Program("tesseract", ("tesseract",), "--version", "reading scans and pictures"),
    Program("ffmpeg", ("ffmpeg",), "-version", "reading recordings"),
    Program("chromium", ("chromium", "google-chrome"), "--version", "testing the portal in a browser"),
    Program(
        "soffice",
        ("soffice",),
        "--version",
        "reading old Office files",
        "your package manager: libreoffice",
    ),
)


async def examine_programs() -> tuple[Finding, ...]:
    return tuple(await asyncio.gather(*(examine_program(program) for program in PROGRAMS)))


async def examine_program(program: Program) -> Finding:
    path = next(filter(None, map(shutil.which, program.commands)), None)
    if path is None:
        return Finding(program.name, "off", f"not installed; off: {program.purpose}", f"get it with {program.remedy}")
    try:
        return Finding(program.name, "ok", f"{await first_line(path, program.flag)}; for {program.purpose}")
    except (OSError, TimeoutError) as error:
        reason = str(error) or "it does not answer"
        return Finding(program.name, "off", f"{path} does not run: {reason}", f"get it anew with {program.remedy}")


async def first_line(path: str, flag: str) -> str:
    process = await asyncio.create_subprocess_exec(
        path, flag, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, stdin=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(SECONDS):
            output, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    return output.decode(errors="replace").partition("\n")[0].strip()
