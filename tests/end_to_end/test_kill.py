"""Servers and workers that are killed in the middle of an ingest lose nothing and do nothing twice."""

import random
from pathlib import Path

from support.soak import Tally, calm_run, left_over, rough_run
from support.soak_files import soak_files

KILLS = 10
SEED = 7


def test_kills_at_random_moments_and_at_commit_points_change_nothing_in_the_end(tmp_path: Path) -> None:
    files, tally = soak_files(), Tally()
    expected, points = calm_run(tmp_path / "calm", files)
    found = rough_run(tmp_path / "rough", files, points, random.Random(SEED), KILLS, tally)
    assert tally.total == KILLS
    assert found == expected
    assert not any(left_over(tmp_path / "rough").values())
