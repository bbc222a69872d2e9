"""The signed word by which LINE gives a channel access token v2.1 (RFC 7523; private_key_jwt)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from helpdesk.channels.protocol import Account
from helpdesk.errors import Misconfigured
from helpdesk.i18n import gettext as _

AUDIENCE = "https://api.line.me/"
GOOD_SECONDS = 1800  # the longest that LINE takes
TOKEN_SECONDS = 30 * 24 * 3600


def assertion(account: Account, channel: str, now: datetime) -> str:
    """Raises Misconfigured when the private key or its id is missing or none."""
    key = _private_key(str(account.secrets.get("private_key") or ""))
    kid = str(account.config.get("key_id") or "")
    if not kid:
        raise Misconfigured(_("enter the key id (kid) that LINE showed when the public key was registered"))
    head = {"alg": "RS256", "typ": "JWT", "kid": kid}
    claims = {
        "iss": channel,
        "sub": channel,
        "aud": AUDIENCE,
        "exp": int(now.timestamp()) + GOOD_SECONDS,
        "token_exp": TOKEN_SECONDS,
    }
    signed = f"{_part(_json(head))}.{_part(_json(claims))}"
    signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{signed}.{_part(signature)}"


def _private_key(given: str) -> rsa.RSAPrivateKey:
    """As PEM, or as JWK."""
    try:
        if given.lstrip().startswith("{"):
            return _from_jwk(json.loads(given))
        key = serialization.load_pem_private_key(given.encode(), password=None)
    except (ValueError, TypeError, KeyError) as error:
        raise Misconfigured(_("the private key is neither PEM nor JWK: %(words)s", words=error)) from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise Misconfigured(_("LINE wants an RSA key of 2048 bits"))
    return key


def _from_jwk(jwk: Mapping[str, Any]) -> rsa.RSAPrivateKey:
    n, e, d, p, q, dp, dq, qi = (
        _number(str(jwk[name])) for name in ("n", "e", "d", "p", "q", "dp", "dq", "qi")
    )
    return rsa.RSAPrivateNumbers(p, q, d, dp, dq, qi, rsa.RSAPublicNumbers(e, n)).private_key()


def _number(given: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)), "big")


def _part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
