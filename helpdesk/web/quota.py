"""How often strangers may ask for something, counted in memory by whatever names them."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.strategies import MovingWindowRateLimiter


class Quota:
    """The library loads with the first question."""

    @cached_property
    def _window(self) -> MovingWindowRateLimiter:
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        return MovingWindowRateLimiter(MemoryStorage())

    def allows(self, limit: str, *names: str) -> bool:
        """Counts the attempt; `limit` reads like 10/10minutes."""
        return self._window.hit(_parsed(limit), *names)


@lru_cache(maxsize=50)
def _parsed(limit: str) -> RateLimitItem:
    from limits import parse

    return parse(limit)
