"""A small chat server, a shop of another origin with the widget on it, and browsers that may not complain."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from helpdesk.demo import storefront
from tests.browser.conftest import PATIENCE, listen
from tests.browser.widget.hands import CONFIG, Visit
from tests.fakes import chat as fake
from tests.fakes.chat import Chat
from tests.fakes.ports import free_port


@pytest.fixture
def chat() -> Iterator[Chat]:
    yield from fake.start(copy.deepcopy(CONFIG))


@pytest.fixture
def shop(chat: Chat) -> Iterator[str]:
    with storefront.serving(free_port(), helpdesk=chat.url, widget=lambda: "KEY") as address:
        yield address


@pytest.fixture
def visit(chromium: Browser, shop: str) -> Iterator[Visit]:
    """visit(lang="en", width=390, …) -> the shop's first page in a browser of its own."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def go(
        path: str = "/",
        *,
        lang: str = "en",
        width: int = 1280,
        height: int = 800,
        clock: bool = False,
        **given: Any,
    ) -> Page:
        options: dict[str, Any] = {"locale": lang, "reduced_motion": "reduce", **given}
        context = chromium.new_context(base_url=shop, viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        listen(page, complaints)
        if clock:
            page.clock.install()
        page.goto(path)
        return page

    yield go
    for context in contexts:
        context.close()
    broken = [one for one in complaints if "WebSocket connection" not in one and "ERR_FAILED" not in one]
    assert broken == []
