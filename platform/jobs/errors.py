"""Errors of background work."""

from footnote.platform.errors import Conflict


class LeaseLost(Conflict):
    type = "/problems/lease-lost"
    title = "The job belongs to another worker now"

    def __init__(self, job_id: str) -> None:
        super().__init__(
            "Its lease ran out, or it was cancelled; what this worker did for it does not count.", job_id=job_id
        )
