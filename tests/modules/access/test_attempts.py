from datetime import UTC, datetime, timedelta

import pytest

from footnote.modules.access import TooManyLogins, attempts
from footnote.modules.access.attempts import LoginAttempts


class ManualClock:
    def __init__(self) -> None:
        self.now = datetime(2025, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def limited(clock: ManualClock) -> LoginAttempts:
    return LoginAttempts(limit=2, window=timedelta(minutes=1), clock=clock)


def test_the_attempt_over_the_limit_must_wait(limited: LoginAttempts, clock: ManualClock) -> None:
    limited.count("192.0.2.1")
    clock.now += timedelta(seconds=20)
    limited.count("192.0.2.1")
    with pytest.raises(TooManyLogins) as refusal:
        limited.count("192.0.2.1")
    assert refusal.value.extensions == {"retry_after": 40}


def test_waiting_helps(limited: LoginAttempts, clock: ManualClock) -> None:
    for _ in range(3):
        limited.count("192.0.2.1")
        clock.now += timedelta(seconds=30)


def test_each_address_counts_for_itself(limited: LoginAttempts) -> None:
    for address in ("192.0.2.1", "192.0.2.2", "", "unix"):
        limited.count(address)
        limited.count(address)


def test_one_ipv6_network_counts_as_one(limited: LoginAttempts) -> None:
    limited.count("2001:db8::1")
    limited.count("2001:db8::2")
    with pytest.raises(TooManyLogins):
        limited.count("2001:db8::ffff:3")
    limited.count("2001:db8:0:1::1")


def test_ever_new_addresses_take_no_more_memory(limited: LoginAttempts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "MAX_ADDRESSES", 3)
    for number in range(100):
        limited.count(f"192.0.2.{number}")
    assert len(limited._times) == 3
