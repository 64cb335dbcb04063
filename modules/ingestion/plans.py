"""What the jobs at work were begun for."""

from collections import OrderedDict

from footnote.modules.ingestion.models import Plan
from footnote.platform.jobs import Job

MOST_ENDED = 1000  # far more than can be settled at the same time


class Plans:
    """By id and fence of the job. Those that ended stay for a while: a transaction that settles one may be repeated."""

    def __init__(self) -> None:
        self._at_work: dict[tuple[str, int], Plan] = {}
        self._ended: OrderedDict[tuple[str, int], Plan | None] = OrderedDict()

    def __len__(self) -> int:
        """How many jobs are at work."""
        return len(self._at_work)

    def begin(self, job: Job, plan: Plan) -> None:
        self._at_work[job.id, job.fence] = plan

    def begun_for(self, job: Job) -> Plan | None:
        """None if it never came that far, or in another process."""
        key = (job.id, job.fence)
        return self._at_work.get(key) or self._ended.get(key)

    def end(self, job: Job) -> bool:
        """False if it had ended before."""
        key = (job.id, job.fence)
        if key in self._ended:
            return False
        self._ended[key] = self._at_work.pop(key, None)
        if len(self._ended) > MOST_ENDED:
            self._ended.popitem(last=False)
        return True
