"""Secrets at rest: AES-256-GCM under a ring of named keys, of which the first seals and all open.

Source: NIST SP 800-38D; 96 bits of nonce by chance, so that 2^32 secrets may be sealed under one key.
"""

import base64
import binascii
import os
import re
from collections.abc import Sequence
from typing import ClassVar

import msgspec

from footnote.platform.errors import Unavailable
from footnote.platform.secrets import Secret

KEY = 32  # bytes
NONCE = 12
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class SealingKeyMissing(Unavailable):
    type: ClassVar[str] = "/problems/sealing-key-missing"
    title: ClassVar[str] = "A secret cannot be opened"

    def __init__(self, key_id: str) -> None:
        super().__init__(
            f"It was encrypted with the key {key_id!r}, which FOOTNOTE_ENCRYPTION_KEYS does not hold any more, or "
            "holds as another one.",
            key_id=key_id,
        )


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    key_id: str
    nonce: bytes
    ciphertext: bytes  # its tag at the end


class KeyRing:
    def __init__(self, keys: Sequence[tuple[str, bytes]]) -> None:
        """`keys` are ids and 32 bytes each, the one that seals first; at least one."""
        # The settings know this module, and `footnote --help` waits for nothing.
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._keys = {name: AESGCM(key) for name, key in keys}
        self._forged = InvalidTag
        self.current = keys[0][0]

    def seal(self, secret: Secret, context: str) -> Sealed:
        """It opens with the same `context` only, which says what the secret is and whose."""
        nonce = os.urandom(NONCE)
        sealed = self._keys[self.current].encrypt(nonce, secret.reveal().encode(), context.encode())
        return Sealed(key_id=self.current, nonce=nonce, ciphertext=sealed)

    def open(self, sealed: Sealed, context: str) -> Secret:
        """
        Raises:
            SealingKeyMissing: The ring lacks its key, or somebody changed it.
        """
        key = self._keys.get(sealed.key_id)
        if key is None:
            raise SealingKeyMissing(sealed.key_id)
        try:
            return Secret(key.decrypt(sealed.nonce, sealed.ciphertext, context.encode()).decode())
        except self._forged:
            raise SealingKeyMissing(sealed.key_id) from None


def parse_sealing_key(value: str) -> tuple[str, bytes]:
    """`NAME:BASE64` as the settings spell it.

    Raises:
        ValueError: It is of another form; the message does not show it.
    """
    name, _, text = value.strip().partition(":")
    if not NAME.fullmatch(name):
        raise ValueError("Expected NAME:KEY")
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("Expected the key in base64") from None
    if len(key) != KEY:
        raise ValueError(f"Expected a key of {KEY} bytes")
    return name, key
