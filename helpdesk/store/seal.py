"""Credentials at rest: sealed with the instance's key, never shown again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from helpdesk.errors import Misconfigured

KEY_FILE = "secret.key"


class Seal:
    """Derives independent keys from one secret: for sealing and for each kind of signed link."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._fernet = Fernet(base64.urlsafe_b64encode(self._derive("seal")))

    def close(self, values: dict[str, Any]) -> str:
        return self._fernet.encrypt(json.dumps(values).encode()).decode()

    def open(self, sealed: str) -> dict[str, Any]:
        if not sealed:
            return {}
        try:
            return dict(json.loads(self._fernet.decrypt(sealed.encode())))
        except InvalidToken as error:
            raise Misconfigured(
                "stored credentials were sealed with another key; bring back the old HELPDESK_SECRET_KEY"
                " or enter them again"
            ) from error

    def sign(self, purpose: str, value: str, *, length: int = 16) -> str:
        """A short HMAC-SHA256 in lower-case base32, safe in the local part of an address."""
        digest = hmac.new(self._derive(purpose), value.encode(), hashlib.sha256).digest()
        return base64.b32encode(digest).decode().lower().rstrip("=")[:length]

    def signed(self, purpose: str, value: str, signature: str) -> bool:
        expected = self.sign(purpose, value, length=max(len(signature), 8))
        return hmac.compare_digest(expected.encode(), signature.lower().encode())

    def _derive(self, purpose: str) -> bytes:
        return hmac.new(self._secret, b"helpdesk/" + purpose.encode(), hashlib.sha256).digest()


def load(given: str, folder: Path) -> Seal:
    """The key from the settings, else from the data folder, where a fresh one is made on first start."""
    if given:
        return Seal(given)
    path = folder / KEY_FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return load(given, folder)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return Seal(path.read_text().strip())
