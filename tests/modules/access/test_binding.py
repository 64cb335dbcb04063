import pytest

from footnote.modules.access.binding import ensure_safe_binding
from footnote.modules.access.errors import UnsafeBinding


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.8.9.10", "::1"])
def test_this_machine_needs_no_key(host: str) -> None:
    ensure_safe_binding(host, has_keys=False)


@pytest.mark.parametrize(
    "host",
    ["", "0.0.0.0", "::", "192.168.1.5", "10.0.0.1", "example.org", "localhost.evil.example", "127.1", "2130706433"],
)
def test_any_other_address_needs_a_key(host: str) -> None:
    with pytest.raises(UnsafeBinding, match="FOOTNOTE_API_KEYS"):
        ensure_safe_binding(host, has_keys=False)
    ensure_safe_binding(host, has_keys=True)
