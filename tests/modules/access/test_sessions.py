from datetime import UTC, datetime, timedelta

import pytest

from footnote.modules.access.keys import parse_api_keys
from footnote.modules.access.sessions import Sessions

KEYS = parse_api_keys(["mia@example.org:s3cret", "leo:other:admin"])
MIA, LEO = KEYS


class ManualClock:
    def __init__(self) -> None:
        self.now = datetime(2025, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def sessions(clock: ManualClock) -> Sessions:
    return Sessions(KEYS, seconds=3600, clock=clock)


def test_a_session_is_its_key_s(sessions: Sessions) -> None:
    assert [sessions.find_key(sessions.issue(key).token) for key in KEYS] == [MIA, LEO]


def test_a_session_ends(sessions: Sessions, clock: ManualClock) -> None:
    token = sessions.issue(MIA).token
    clock.now += timedelta(seconds=3599)
    assert sessions.find_key(token) == MIA
    clock.now += timedelta(seconds=1)
    assert sessions.find_key(token) is None


@pytest.mark.parametrize("keys", [["leo:other"], ["mia@example.org:changed", "leo:other"], []])
def test_a_session_ends_with_its_key(sessions: Sessions, clock: ManualClock, keys: list[str]) -> None:
    later = Sessions(parse_api_keys(keys), seconds=3600, clock=clock)
    assert later.find_key(sessions.issue(MIA).token) is None


def test_a_session_outlives_changes_of_other_keys(sessions: Sessions, clock: ManualClock) -> None:
    later = Sessions(parse_api_keys(["mia@example.org:s3cret", "eva:new"]), seconds=3600, clock=clock)
    assert later.find_key(sessions.issue(MIA).token) is not None


def test_no_part_of_a_session_can_be_changed(sessions: Sessions) -> None:
    name, expiry, signature = sessions.issue(MIA).token.split(".")
    forged = [
        f"{sessions.issue(LEO).token.split('.')[0]}.{expiry}.{signature}",
        f"{name}.{int(expiry) + 1}.{signature}",
        f"{name}.0{expiry}.{signature}",
        f"{name}.{expiry}.{'0' * 64}",
        f"{name}.{expiry}.",
        f"{name}.{expiry}",
        f"{name}.{expiry}.{signature.upper()}",
        f"{name}.{expiry}.{signature}\n",
        "",
    ]
    assert [sessions.find_key(token) for token in forged] == [None] * len(forged)


def test_a_session_tells_nothing_of_the_secret(sessions: Sessions) -> None:
    token = sessions.issue(MIA).token
    assert "s3cret" not in token
    assert MIA.digest.hex() not in token
