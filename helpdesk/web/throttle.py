"""How often somebody may try to sign in: by address and account, and by address alone. Kept in memory."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.strategies import MovingWindowRateLimiter

ACCOUNT, ADDRESS = "10/15minutes", "60/15minutes"


class Throttle:
    """The library loads with the first sign-in; a start does not wait for it."""

    @cached_property
    def _window(self) -> MovingWindowRateLimiter:
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        return MovingWindowRateLimiter(MemoryStorage())

    @cached_property
    def _limits(self) -> tuple[RateLimitItem, RateLimitItem]:
        from limits import parse

        return parse(ACCOUNT), parse(ADDRESS)

    def allows(self, address: str, email: str) -> bool:
        """Counts the attempt; False once there have been too many."""
        account, alone = self._limits
        by_account = self._window.hit(account, "account", address, email)
        return self._window.hit(alone, "address", address) and by_account

    def forgive(self, address: str, email: str) -> None:
        """After a success the account's own count begins anew."""
        self._window.clear(self._limits[0], "account", address, email)
