"""One open chat window of a visitor: what waits for it, how far it has been told, and why it is to be closed."""

from __future__ import annotations

import asyncio
from collections import deque

WAITING = 200  # frames that may wait for one slow window
TOO_SLOW = 1013  # try again later: it comes back and asks for what it missed


class Guest:
    """`token` is a hash. `visitor_id` is None until the first message; `sent` is the last line it knows."""

    def __init__(self, account_id: int, brand_id: int) -> None:
        self.account_id = account_id
        self.brand_id = brand_id
        self.token = ""
        self.visitor_id: int | None = None
        self.ticket = ""  # key of the ticket that is talked in
        self.sent = 0
        self.seen = 0  # up to here it knows that an agent has read
        self.own: set[int] = set()  # lines it has been told of by an acknowledgement
        self.saying: set[str] = set()  # keys of what it said that is not acknowledged yet
        self.closing: tuple[int, str] | None = None
        self._frames: deque[str] = deque()
        self._ready = asyncio.Event()

    def put(self, frame: str) -> None:
        """Never waits: who does not keep up has to come again."""
        if len(self._frames) >= WAITING:
            self.close(TOO_SLOW, "too slow; come back")
            return
        self._frames.append(frame)
        self._ready.set()

    def line(self, seq: int, frame: str) -> None:
        """A line in its order; those that it sent itself are known by their acknowledgement."""
        if seq <= self.sent:
            return
        self.sent = seq
        if seq in self.own:
            self.own.discard(seq)
        else:
            self.put(frame)

    def knows(self, seq: int, key: str) -> bool:
        """Whether a line that is new needs no look: it has it, or said it itself and nothing came between."""
        if seq == self.sent + 1 and key in self.saying:
            self.sent = seq
        return seq <= self.sent

    def close(self, code: int, reason: str) -> None:
        """From the loop's thread. What still waits for it is sent before, unless it is too slow for that."""
        if self.closing is None:
            self.closing = (code, reason)
        if code == TOO_SLOW:
            self._frames.clear()
        self._ready.set()

    async def take(self) -> str | None:
        """The next frame; None when the socket is to be closed."""
        while not self._frames and self.closing is None:
            self._ready.clear()
            await self._ready.wait()
        return self._frames.popleft() if self._frames else None
