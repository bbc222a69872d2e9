"""What is not on the page comes a moment later too: a request that a route holds, a row that the server writes."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from playwright.sync_api import Page

from tests.browser.conftest import PATIENCE

STEP = 50  # milliseconds


def becomes(page: Page, look: Callable[[], object], wanted: object) -> None:
    """`look()` is `wanted` before long; the page goes on meanwhile."""
    end = monotonic() + PATIENCE / 1000
    while look() != wanted and monotonic() < end:
        page.wait_for_timeout(STEP)
    assert look() == wanted
