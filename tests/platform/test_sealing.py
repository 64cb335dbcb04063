import base64

import msgspec
import pytest

from footnote.platform.sealing import KeyRing, SealingKeyMissing, parse_sealing_key
from footnote.platform.secrets import Secret

OLD, NEW = ("old", bytes(32)), ("new", bytes([7]) * 32)
SECRET = Secret("sk-hidden-1234")


def test_what_is_sealed_opens_again() -> None:
    ring = KeyRing([NEW])
    sealed = ring.seal(SECRET, "of acme")
    assert sealed.key_id == "new"
    assert b"hidden" not in sealed.ciphertext
    assert ring.open(sealed, "of acme") == SECRET


def test_it_opens_nowhere_else() -> None:
    ring = KeyRing([NEW])
    with pytest.raises(SealingKeyMissing):
        ring.open(ring.seal(SECRET, "of acme"), "of other")


def test_what_was_changed_does_not_open() -> None:
    ring = KeyRing([NEW])
    sealed = ring.seal(SECRET, "")
    changed = bytes([sealed.ciphertext[0] ^ 1]) + sealed.ciphertext[1:]
    with pytest.raises(SealingKeyMissing):
        ring.open(msgspec.structs.replace(sealed, ciphertext=changed), "")


def test_the_first_key_seals_and_all_open() -> None:
    sealed = KeyRing([OLD]).seal(SECRET, "")
    both = KeyRing([NEW, OLD])
    assert both.open(sealed, "") == SECRET
    assert both.seal(SECRET, "").key_id == "new"
    with pytest.raises(SealingKeyMissing, match="old"):
        KeyRing([NEW]).open(sealed, "")


def test_the_same_secret_is_sealed_differently_each_time() -> None:
    ring = KeyRing([NEW])
    assert ring.seal(SECRET, "").ciphertext != ring.seal(SECRET, "").ciphertext


def test_a_key_has_a_name_and_32_bytes() -> None:
    assert parse_sealing_key(f"2026:{base64.b64encode(NEW[1]).decode()}") == ("2026", NEW[1])


@pytest.mark.parametrize("value", ["", "abc", "a:b:c", "a:" + base64.b64encode(bytes(16)).decode(), "a b:AAAA"])
def test_anything_else_is_no_key(value: str) -> None:
    with pytest.raises(ValueError, match="Expected"):
        parse_sealing_key(value)
