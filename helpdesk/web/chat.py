"""`/chat?brand=KEY`: the socket of a visitor's chat windows.

Closes with 4400 for what no widget says, 4403 for a page of another site, 4404 for an unknown key, 1008 for too much,
1012 when the helpdesk restarts, 1013 when the window does not keep up. A reason always comes before, as a frame.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextlib import suppress
from typing import cast

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from helpdesk import i18n
from helpdesk.chat.accounts import Widget
from helpdesk.errors import HelpdeskError, NotFound
from helpdesk.i18n import gettext as _
from helpdesk.live.guest import Guest
from helpdesk.web import chat_frames, state
from helpdesk.web.chat_frames import Frame, Greeting, Refused
from helpdesk.web.chat_talk import Talk
from helpdesk.web.reception import Reception
from helpdesk.web.state import Parts

log = structlog.get_logger()

WRONG, FOREIGN, UNKNOWN, TOO_MUCH, BROKEN, LATER = 4400, 4403, 4404, 1008, 1011, 1013
PATIENCE = 20.0  # seconds until the first word
WINDOW = 10.0  # seconds in which it is counted
MOST_MESSAGES, MOST_FRAMES, MOST_MISTAKES = 20, 200, 10


def reception(socket: WebSocket) -> Reception:
    return cast(Reception, socket.app.state.reception)


async def serve(socket: WebSocket) -> None:
    """One window, until it goes, is refused, or the helpdesk stops."""
    await socket.accept()
    parts, desk = state.parts(socket), reception(socket)
    try:
        widget = await run_in_threadpool(_known, socket, desk)
    except NotFound as error:
        await _turn_away(socket, Refused("brand", i18n.told(error)), UNKNOWN)
    except Refused as refused:
        await _turn_away(socket, refused, FOREIGN)
    except SQLAlchemyError:
        await _turn_away(socket, _unavailable(), LATER)
    else:
        await _talk(socket, parts, desk, widget)


def _known(socket: WebSocket, desk: Reception) -> Widget:
    """Raises NotFound, and Refused for the page of another site."""
    key, origin = socket.query_params.get("brand", ""), socket.headers.get("origin")
    if not desk.allows(key, origin, host=socket.headers.get("host", "")):
        raise Refused("origin", _("this chat does not belong to this site; add it to the allowed origins"))
    return desk.widget(key)


async def _talk(socket: WebSocket, parts: Parts, desk: Reception, widget: Widget) -> None:
    guest = Guest(widget.id, widget.brand_id)
    talk = Talk(parts, desk, widget, guest)
    reading = asyncio.create_task(_read(socket, talk, guest))
    reading.add_done_callback(lambda _task: guest.close(1000, ""))
    parts.live.lobby.guests.add(guest)  # so that a restart finds those, too, who have not said hello
    try:
        await _write(socket, guest)
    finally:
        talk.leave()
        reading.cancel()
        with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
            await reading


async def _write(socket: WebSocket, guest: Guest) -> None:
    while (frame := await guest.take()) is not None:
        await _send(socket, frame)
    code, reason = guest.closing or (1000, "")
    await _close(socket, code, reason)


async def _read(socket: WebSocket, talk: Talk, guest: Guest) -> None:
    """Ends when the window goes or has to. A mistake is answered, several end it."""
    pace, mistakes = Pace(), 0
    while guest.closing is None:
        frame: Frame | None = None
        try:
            frame = await _hear(socket, first=not talk.greeted)
            pace.count(frame)
            with i18n.using(talk.language, talk.widget.timezone):
                await talk.take(frame)
        except (WebSocketDisconnect, RuntimeError):
            return
        except Refused as refused:
            mistakes += refused.code not in ("rate_limited", "unavailable")
            guest.put(refused.frame())
            if refused.final or mistakes >= MOST_MISTAKES:
                guest.close(TOO_MUCH if refused.code == "rate_limited" else WRONG, refused.code)
        except HelpdeskError as error:
            guest.put(Refused(error.code, i18n.told(error), key=_key(frame)).frame())
        except SQLAlchemyError:
            guest.put(_unavailable(_key(frame)).frame())
            if isinstance(frame, Greeting):
                guest.close(LATER, "unavailable")  # it comes back and says hello again
        except Exception as error:  # a bug of ours ends one window and no more
            log.error("chat failed", exc_info=error)
            guest.put(Refused("failed", _("Something broke on our side"), key=_key(frame)).frame())
            guest.close(BROKEN, "failed")


async def _hear(socket: WebSocket, *, first: bool) -> Frame:
    try:
        async with asyncio.timeout(PATIENCE if first else None):
            message = await socket.receive()
    except TimeoutError:
        raise Refused("hello", _("say hello first"), final=True) from None
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1000))
    text = message.get("text")
    if text is None:
        raise Refused("unreadable", _("frames are text"), final=True)
    frame = chat_frames.read(text)
    if first is not isinstance(frame, Greeting):
        raise Refused("hello", _("say hello first, and once"), final=first)
    return frame


class Pace:
    """How fast one window talks."""

    def __init__(self) -> None:
        self._messages: deque[float] = deque()
        self._frames: deque[float] = deque()

    def count(self, frame: Frame) -> None:
        """Raises Refused for more than twenty messages in ten seconds, finally for a flood of whatever."""
        now = time.monotonic()
        if not self._room(self._frames, MOST_FRAMES, now):
            raise Refused("rate_limited", _("that is too fast"), final=True)
        if isinstance(frame, chat_frames.Words) and not self._room(self._messages, MOST_MESSAGES, now):
            wait = round(WINDOW - (now - self._messages[0]), 1)
            words = _("at most 20 messages in 10 seconds; it is tried again by itself")
            raise Refused("rate_limited", words, key=frame.key, retry=max(wait, 0.1))

    @staticmethod
    def _room(times: deque[float], most: int, now: float) -> bool:
        while times and times[0] <= now - WINDOW:
            times.popleft()
        if len(times) >= most:
            return False
        times.append(now)
        return True


def _key(frame: object) -> str:
    return frame.key if isinstance(frame, chat_frames.Words) else ""


def _unavailable(key: str = "") -> Refused:
    return Refused("unavailable", _("we cannot take this just now; it is tried again by itself"), key=key)


async def _turn_away(socket: WebSocket, refused: Refused, code: int) -> None:
    await _send(socket, refused.frame())
    await _close(socket, code, refused.code)


async def _send(socket: WebSocket, frame: str) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):  # gone meanwhile: the reader ends
        await socket.send_text(frame)


async def _close(socket: WebSocket, code: int, reason: str) -> None:
    if socket.application_state == WebSocketState.CONNECTED:
        with suppress(WebSocketDisconnect, RuntimeError):
            await socket.close(code, reason)
