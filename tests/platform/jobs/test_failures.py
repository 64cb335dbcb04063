"""When a job that failed is tried again."""

from datetime import timedelta

import pytest

from footnote.platform.errors import Unavailable
from footnote.platform.jobs.failures import LONGEST_POSTPONED, postponement


@pytest.mark.parametrize(
    ("asked", "waits"),
    [(90.0, timedelta(seconds=90)), (1e300, LONGEST_POSTPONED), (float("inf"), LONGEST_POSTPONED)],
)
def test_a_job_waits_as_long_as_a_service_asks_within_reason(asked: float, waits: timedelta) -> None:
    assert postponement(Unavailable("busy", retry_after=asked)) == waits
