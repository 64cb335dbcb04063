"""Servers and workers that are killed in the middle of an ingest lose nothing and do nothing twice."""

import random
from pathlib import Path

from support.soak import soak
from support.soak_files import soak_files

KILLS = 10
SEED = 7


def test_kills_at_random_moments_and_at_commit_points_change_nothing_in_the_end(
    tmp_path: Path, built_models: Path
) -> None:
    (tmp_path / "calm").mkdir()
    (tmp_path / "calm" / "models").symlink_to(built_models)
    tally = soak(tmp_path, soak_files(), random.Random(SEED), KILLS, print)
    assert tally.total >= KILLS
