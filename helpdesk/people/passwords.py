"""Passwords as argon2id hashes. Slow on purpose: callers run these in a thread and few at a time."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from helpdesk.errors import Invalid
from helpdesk.i18n import lazy

SHORTEST, LONGEST = 10, 200


class Passwords:
    """Hashes and compares; an unknown account costs as much time as a wrong password."""

    def __init__(self, *, time_cost: int = 3, memory_kib: int = 65_536, parallelism: int = 1) -> None:
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=parallelism)
        self._nobody: str | None = None

    def hash(self, password: str) -> str:
        check_strength(password)
        return self._hasher.hash(password)

    def verify(self, stored: str | None, password: str) -> bool:
        """False for a wrong password and for no account at all, after the same work."""
        try:
            return self._hasher.verify(stored or self._dummy(), password[:LONGEST]) and stored is not None
        except (VerificationError, InvalidHashError):
            return False

    def _dummy(self) -> str:
        if self._nobody is None:
            self._nobody = self._hasher.hash("nobody has this password")
        return self._nobody


def check_strength(password: str) -> None:
    """Length alone is asked for (NIST SP 800-63B §3.1.1)."""
    if len(password) < SHORTEST:
        raise Invalid(lazy("the password needs at least 10 characters"), field="password")
    if len(password) > LONGEST:
        raise Invalid(lazy("the password may have at most 200 characters"), field="password")
