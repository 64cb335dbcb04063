"""How long a verified sentence takes with a model that answers at once, and what many listeners do to the server.

    python scripts/bench_answers.py DATASET [--store FOLDER] [--streams N] [--json]

DATASET has `files/` and `queries.jsonl`; with `--store` the filled store is kept in FOLDER and taken again. Footnote
and the model run as processes of their own, all over HTTP. From each time to the first verified sentence the time is
taken off that the model's server took to send it. Nobody has asked a question before, so nothing is remembered.
"""

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Any

from answers_bench.asking import Asked, ask, fetched
from answers_bench.model import SLOWLY

HERE = Path(__file__).parent
WARM_UP = 10  # questions
ALONE = 60  # questions of one asker
SIXTEEN = 16
READY = 120.0  # seconds
SETTLED = 15.0  # seconds after which nothing of those who left may be running
TICK = 0.2
ALL_DONE = 3  # readings in a row


class Bench:
    def __init__(self, port: int, model_port: int, process: subprocess.Popen[bytes], told: Path) -> None:
        self.port = port
        self.model_port = model_port
        self._process = process
        self._told = told

    async def state(self) -> dict[str, Any]:
        """Of the server now; the loop's delays are those since it was last asked."""
        known = self._lines()
        self._process.send_signal(signal.SIGUSR1)
        while True:
            await asyncio.sleep(0.02)
            if (lines := self._lines()) != known:
                state: dict[str, Any] = json.loads(lines[-1])
                return state

    async def settled(self, tasks: int) -> dict[str, Any]:
        """As soon as no more than `tasks` run, and the model has nobody who listens; else what is left."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + SETTLED
        while True:
            left = {**await self.state(), "asked of the model": json.loads(await fetched(self.model_port, "/open"))}
            if (left["tasks"] <= tasks and not left["asked of the model"]) or loop.time() > ends:
                return left
            await asyncio.sleep(TICK)

    async def spent_by_model(self) -> dict[str, float]:
        spent: dict[str, float] = json.loads(await fetched(self.model_port, "/times"))
        return spent

    def _lines(self) -> list[str]:
        return self._told.read_text().splitlines() if self._told.exists() else []


async def measure(bench: Bench, questions: Iterator[str], streams: int) -> dict[str, Any]:
    for _ in range(WARM_UP):
        await ask(bench.port, next(questions))
    idle = await bench.state()
    found: dict[str, Any] = {"load": os.getloadavg()[0], "idle": idle}
    alone = [await ask(bench.port, next(questions)) for _ in range(ALONE)]
    found["one asker"] = {**await timed(bench, alone), **await bench.state()}
    sixteen = await together(bench.port, [next(questions) for _ in range(8 * SIXTEEN)], SIXTEEN)
    found[f"{SIXTEEN} askers"] = {**await timed(bench, sixteen), **await bench.state()}
    many = await together(bench.port, [next(questions) for _ in range(streams)], streams)
    found[f"{streams} streams"] = {**await timed(bench, many), **await bench.state()}
    found["after them"] = await bench.settled(idle["tasks"])
    slow = [f"{next(questions)} Answer {SLOWLY}." for _ in range(streams)]
    left = await asyncio.gather(*(ask(bench.port, question, leaves=True) for question in slow))
    found[f"{streams} that leave after a sentence"] = {"errors": len([each for each in left if each.problem])}
    found["after they left"] = await bench.settled(idle["tasks"])
    return found


async def together(port: int, questions: Sequence[str], askers: int) -> list[Asked]:
    waiting = iter(questions)

    async def asker() -> list[Asked]:
        return [await ask(port, question) for question in waiting]

    return [each for some in await asyncio.gather(*(asker() for _ in range(askers))) for each in some]


async def timed(bench: Bench, asked: Sequence[Asked]) -> dict[str, Any]:
    """In ms; to the first verified sentence, less the model's own time."""
    spent = await bench.spent_by_model()
    firsts = sorted(each.first_ms - spent.get(each.question, 0.0) for each in asked if each.first_ms is not None)
    problems = [each.problem for each in asked if each.problem]
    return {
        "answers": len(asked),
        "p50": of_rank(firsts, 0.5),
        "p95": of_rank(firsts, 0.95),
        "whole_p50": of_rank(sorted(each.whole_ms for each in asked), 0.5),
        "model_p50": of_rank(sorted(spent.values()), 0.5),
        "without a verified sentence": len(asked) - len(firsts),
        "errors": len(problems),
        **({"problem": problems[0]} if problems else {}),
    }


def of_rank(times: Sequence[float], share: float) -> float | None:
    return round(times[min(len(times) - 1, int(share * len(times)))], 1) if times else None


@contextmanager
def running(store: Path) -> Iterator[Bench]:
    model = subprocess.Popen([sys.executable, "-P", str(HERE / "answers_bench" / "model.py")], stdout=subprocess.PIPE)
    assert model.stdout is not None
    model_port, port = int(model.stdout.readline()), free_port()
    told = store / "told.jsonl"
    told.unlink(missing_ok=True)
    environment = settings(store) | {
        "FOOTNOTE_PORT": str(port),
        "FOOTNOTE_CHAT_MODEL": "compatible:bench",
        "FOOTNOTE_COMPATIBLE_BASE_URL": f"http://127.0.0.1:{model_port}/v1",
        "FOOTNOTE_CHAT_CONCURRENCY": "1000",
    }
    command = [sys.executable, "-P", str(HERE / "answers_bench" / "watched.py"), str(told)]
    with (store / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stderr=log)
    try:
        wait_for(port, server)
        yield Bench(port, model_port, server, told)
    finally:
        for process in (server, model):
            process.terminate()
            process.wait()


def settings(store: Path) -> dict[str, str]:
    ours = {"FOOTNOTE_HOME": str(store), "FOOTNOTE_LOG_LEVEL": "WARNING"}
    return {name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")} | ours


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(int(READY / TICK)):
        if server.poll() is not None:
            raise SystemExit("The server did not start; see server.log in the store.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(TICK)
    raise SystemExit("The server did not listen in time.")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def asked_of(dataset: Path) -> Iterator[str]:
    """Each of the dataset's questions, and then again in other words; never the same twice."""
    lines = (dataset / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    for prefix in ("", "Please tell me: ", "I would like to know: ", "In the reports: ", "Once more: "):
        yield from (prefix + text for text in texts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--store", type=Path, help="where the filled store is kept")
    parser.add_argument("--streams", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as throw_away:
        store = options.store or Path(throw_away)
        if not (store / "footnote.db").exists():
            command = [sys.executable, "-P", "-m", "footnote", "ingest", str(options.dataset / "files")]
            subprocess.run(command, env=settings(store), check=True)
        with running(store) as bench:
            found = asyncio.run(measure(bench, asked_of(options.dataset), options.streams))
    print(json.dumps(found, indent=None if options.json else 2))


if __name__ == "__main__":
    main()
