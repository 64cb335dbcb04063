"""Errors of background work."""

from footnote.platform.errors import Conflict, Invalid


class LeaseLost(Conflict):
    type = "/problems/lease-lost"
    title = "The job belongs to another worker now"

    def __init__(self, job_id: str) -> None:
        super().__init__(
            "Its lease ran out, or it was cancelled; what this worker did for it does not count.", job_id=job_id
        )


class WorkersDied(Invalid):
    type = "/problems/workers-died"
    title = "The work ended its workers"

    def __init__(self, times: int) -> None:
        super().__init__(f"It was taken up {times} times and each time the process died; it will not be tried again.")
