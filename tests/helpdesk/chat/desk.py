"""A widget of a shop, and a window of a visitor on a real server."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any

from sqlmodel import select
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from helpdesk.chat.accounts import create_widget
from helpdesk.models import Brand, ChannelAccount
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from tests.fakes.serving import PATIENCE
from tests.fakes.serving import serving as serve

serving = partial(serve, ws_max_size=131_072)  # larger than a frame may be, so that our own limit speaks


def add_widget(database: Database, brand: Brand, seal: Seal, **config: Any) -> ChannelAccount:
    with database.write() as unit:
        return create_widget(unit, brand, seal, config=config)


def secret_of(account: ChannelAccount, seal: Seal) -> str:
    return str(seal.open(account.secrets)["widget_secret"])


class Window:
    """A visitor's chat window, as the widget behaves."""

    def __init__(self, host: str, brand: str, *, origin: str | None = None, **hello: Any) -> None:
        headers = {"Origin": origin} if origin else {}
        self._open = ExitStack()
        self.line: ClientConnection = self._open.enter_context(
            connect(f"ws://{host}/chat?brand={brand}", additional_headers=headers, proxy=None, max_size=None)
        )
        self.heard: list[dict[str, Any]] = []
        self.token = str(hello.get("visitor") or "")
        self.welcome: dict[str, Any] = {}
        if hello.pop("greets", True):
            self.say({"type": "hello", "lang": "en", "page": "https://shop.example/tea", **hello})
            self.welcome = self.hear("welcome")
            self.token = self.welcome["visitor"]

    def say(self, frame: Any) -> None:
        self.line.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))

    def write(self, key: str, text: str, **more: Any) -> dict[str, Any]:
        """Returns the acknowledgement."""
        self.say({"type": "message", "key": key, "text": text, **more})
        return self.hear("ack")

    def hear(self, kind: str) -> dict[str, Any]:
        """The next frame of this type; others before it are kept in `heard`."""
        while True:
            frame: dict[str, Any] = json.loads(self.line.recv(timeout=PATIENCE))
            self.heard.append(frame)
            if frame["type"] == kind:
                return frame

    def closed_with(self) -> int:
        try:
            while True:
                self.heard.append(json.loads(self.line.recv(timeout=PATIENCE)))
        except ConnectionClosed:
            assert self.line.close_code is not None
            return self.line.close_code

    def close(self) -> None:
        self._open.close()


Open = Callable[..., Window]


def rows(database: Database, table: Any) -> list[Any]:
    with database.read() as unit:
        return list(unit.session.exec(select(table).order_by(table.id)))
