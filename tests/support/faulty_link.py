"""The product at work while its link to MongoDB fails: what was answered, and how soon all was well again."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
from support.fault_proxy import Answer, Cut, Delay, Garbage, Swallow, ThreadedProxy

RETRY = "retry-after"
PAUSE = 0.15  # seconds between two requests of one caller
STEPPED_DOWN = {"ok": 0, "errmsg": "not primary", "code": 10107, "codeName": "NotWritablePrimary"}
QUESTION = {"question": "What is said of the harbour?"}
QUERY = {"query": "harbour ledger river"}

Strike = Callable[[ThreadedProxy], None]

# What is done to the link; afterwards it is mended.
FAULTS: Mapping[str, Strike] = {
    "refused": lambda link: link.refuse(),
    "cut": lambda link: link.cut_all(),
    "cut in every answer": lambda link: link.add(Cut(after=40)),
    "silent": lambda link: link.add(Swallow(), on="requests"),
    "silent in the answers": lambda link: link.add(Swallow()),
    "garbage": lambda link: link.add(Garbage()),
    "slow": lambda link: link.add(Delay(0.3)),
    "stepping down": lambda link: link.add(Answer(STEPPED_DOWN)),
    "cut in the commit": lambda link: link.add(Cut(), commands=["commitTransaction"]),
}


@dataclass
class Calls:
    """What callers were answered, by kind of request."""

    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)  # answers that should not be
    slowest: dict[str, float] = field(default_factory=dict)  # seconds
    succeeded: dict[str, float] = field(default_factory=dict)  # when the last success was begun

    def note(self, kind: str, begun: float, response: httpx.Response) -> None:
        self.statuses.setdefault(kind, Counter())[response.status_code] += 1
        self.slowest[kind] = max(self.slowest.get(kind, 0.0), time.monotonic() - begun)
        if response.is_success:
            self.succeeded[kind] = begun
        elif response.status_code != 503 or RETRY not in response.headers:
            self.wrong.append(f"{kind}: {response.status_code} {response.text}")


# What callers ask for again and again.
REQUESTS: Mapping[str, Callable[[httpx.Client], httpx.Response]] = {
    "answers": lambda client: client.post("/api/v1/answers", json=QUESTION),
    "search": lambda client: client.post("/api/v1/search", json=QUERY),
    "documents": lambda client: client.get("/api/v1/documents"),
    "ready": lambda client: client.get("/ready"),
}


class Callers:
    """Threads that each repeat one request, and one that uploads, until they are told to stop."""

    def __init__(self, url: str, files: Mapping[str, bytes], kinds: Collection[str]) -> None:
        self.calls = Calls()
        self.left = list(files)
        self._url = url
        self._files = files
        self._kinds = kinds
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._repeat, args=(kind,), daemon=True) for kind in kinds]
        self._threads.append(threading.Thread(target=self._upload, daemon=True))

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def succeeded_since(self, moment: float) -> bool:
        """Whether requests of each kind that were begun after that moment have succeeded."""
        return all(self.calls.succeeded.get(kind, 0) > moment for kind in self._kinds)

    def _repeat(self, kind: str) -> None:
        with httpx.Client(base_url=self._url, timeout=60) as client:
            while not self._stop.wait(PAUSE):
                begun = time.monotonic()
                self.calls.note(kind, begun, REQUESTS[kind](client))

    def _upload(self) -> None:
        """Each file until it is accepted, under the same key."""
        with httpx.Client(base_url=self._url, timeout=60) as client:
            while self.left and not self._stop.wait(PAUSE):
                name, begun = self.left[0], time.monotonic()
                sent = {"file": (name, self._files[name])}
                response = client.post("/api/v1/documents", files=sent, headers={"Idempotency-Key": name})
                self.calls.note("uploads", begun, response)
                if response.status_code != 503:
                    self.left.pop(0)


@contextmanager
def calling(url: str, files: Mapping[str, bytes], kinds: Collection[str] = tuple(REQUESTS)) -> Iterator[Callers]:
    callers = Callers(url, files, kinds)
    callers.start()
    try:
        yield callers
    finally:
        callers.stop()


def endure(link: ThreadedProxy, strike: Strike, callers: Callers, seconds: float) -> float:
    """Let a fault last, mend the link, and wait until all is well; the seconds that took."""
    strike(link)
    time.sleep(seconds)
    link.mend()
    if not link.is_listening:
        link.listen()
    mended = time.monotonic()
    while not callers.succeeded_since(mended):
        time.sleep(0.02)
    return time.monotonic() - mended
