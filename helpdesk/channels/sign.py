"""Signatures that providers put on what they send us: HMAC over the raw body, compared in constant time."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable


def hmac_base64(secrets: Iterable[str], body: bytes, given: str) -> bool:
    """`given` is base64 of HMAC-SHA256 under one of the secrets: during a change of secrets there are two."""
    try:
        signature = base64.b64decode(given.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return False
    return _matches(secrets, body, signature)


def hmac_hex(secrets: Iterable[str], body: bytes, given: str) -> bool:
    """The same in hexadecimal digits."""
    try:
        signature = bytes.fromhex(given)
    except ValueError:
        return False
    return _matches(secrets, body, signature)


def _matches(secrets: Iterable[str], body: bytes, signature: bytes) -> bool:
    expected = [hmac.new(secret.encode(), body, hashlib.sha256).digest() for secret in secrets if secret]
    return any([hmac.compare_digest(one, signature) for one in expected])  # noqa: C419 all are compared, always
