"""How often somebody may try to sign in: by address and account, and by address alone. Kept in memory."""

from __future__ import annotations

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

ACCOUNT = parse("10/15minutes")
ADDRESS = parse("60/15minutes")


class Throttle:
    def __init__(self) -> None:
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def allows(self, address: str, email: str) -> bool:
        """Counts the attempt; False once there have been too many."""
        by_account = self._window.hit(ACCOUNT, "account", address, email)
        return self._window.hit(ADDRESS, "address", address) and by_account

    def forgive(self, address: str, email: str) -> None:
        """After a success the account's own count begins anew."""
        self._window.clear(ACCOUNT, "account", address, email)
