"""`/live`: the socket of an agent's windows. Facts go out; where the agent is looking and writing comes in.

Only our own pages open it (`guard.SameOrigin`). It closes with 4401 when nobody is signed in, or no longer.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import cast

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from helpdesk.live.hub import Subscriber
from helpdesk.live.presence import MOST, STATES, Person, Place
from helpdesk.live.switchboard import Switchboard
from helpdesk.models import Ticket
from helpdesk.people import sign_in
from helpdesk.web import auth, state
from helpdesk.web.attendance import Attendance
from helpdesk.web.state import Parts

log = structlog.get_logger()

SIGNED_OUT = 4401
PING = 25.0  # seconds of silence after which a window hears that the line still stands
LOOKS_UP = 2.0  # seconds between looks whether everybody is still signed in
REACH_EVERY = 8  # such looks after which everybody's brands are read anew
LONGEST = 4000  # characters that a window may say at once
BREATH = 0.1  # seconds between two words of one window


async def serve(socket: WebSocket) -> None:
    """One window, or one worker that stands for many, until it goes or is signed out."""
    await socket.accept()
    found = await run_in_threadpool(auth.find, socket)
    if found is None:
        await _close(socket, SIGNED_OUT)
        return
    board = state.parts(socket).live
    await cast(Attendance, socket.app.state.attendance).came(found.access.agent_id)
    subscriber = Subscriber(found.access, proof=auth.token(socket))
    subscriber.put(_hello(board, found.agent.key))
    board.enter(subscriber, socket.query_params.get("after", ""))
    reading = asyncio.create_task(_read(socket, subscriber, Person(found.agent.key, found.agent.name)))
    reading.add_done_callback(lambda _: subscriber.close(1000))
    try:
        await _write(socket, subscriber)
    finally:
        board.leave(subscriber)
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading


@asynccontextmanager
async def watching(parts: Parts) -> AsyncIterator[None]:
    """The live part runs, and who is signed out loses the line."""
    async with parts.live.opened():
        task = asyncio.create_task(_watch_sign_ins(parts))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _write(socket: WebSocket, subscriber: Subscriber) -> None:
    """Until the subscriber is closed, by whomever."""
    while True:
        try:
            async with asyncio.timeout(PING):
                frame = await subscriber.take()
        except TimeoutError:
            frame = f'[{{"name":"ping","at":"{_position(socket)}"}}]'
        if frame is None:
            await _close(socket, subscriber.closing or 1000)
            return
        await _send(socket, frame)


async def _read(socket: WebSocket, subscriber: Subscriber, person: Person) -> None:
    """Ends when the window goes. Words that make no sense are not answered."""
    board = state.parts(socket).live
    with suppress(WebSocketDisconnect, RuntimeError):  # it went; the second is what reading once more raises
        while True:
            try:
                said = _understood(await socket.receive_text())
                if said is not None:
                    board.stand(subscriber, person, await _places(socket, subscriber, said))
            except KeyError:  # bytes, which no window of ours sends
                pass
            except SQLAlchemyError as error:  # the database is away: the window says it again
                log.warning("live_places_unknown", error=str(error))
            await asyncio.sleep(BREATH)


def _understood(text: str) -> dict[str, str] | None:
    """{"at": {ticket key: state}} -> what is in `at`."""
    if len(text) > LONGEST:
        return None
    try:
        at = json.loads(text)["at"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if not isinstance(at, dict):
        return None
    return {
        key: state for key, state in list(at.items())[:MOST] if isinstance(state, str) and state in STATES
    }


async def _places(socket: WebSocket, subscriber: Subscriber, at: dict[str, str]) -> dict[Place, str]:
    """Tickets that this agent may see; others do not exist for them."""
    known: dict[str, int] = subscriber.brands
    wanted = {key for key in at if key not in known}
    if wanted:
        if len(known) > 1000:
            known.clear()
        known.update(await run_in_threadpool(_brands_of, state.parts(socket), wanted))
    reach = subscriber.access.brand_ids
    return {Place(key, known[key]): mood for key, mood in at.items() if known.get(key) in reach}


def _brands_of(parts: Parts, keys: set[str]) -> dict[str, int]:
    query = select(col(Ticket.key), col(Ticket.brand_id)).where(col(Ticket.key).in_(keys))
    with parts.database.read() as unit:
        return {row[0]: row[1] for row in unit.session.execute(query)}


async def _watch_sign_ins(parts: Parts) -> None:
    looks = 0
    while True:
        await asyncio.sleep(LOOKS_UP)
        subscribers = list(parts.live.hub.subscribers)
        if not subscribers:
            continue
        looks += 1
        try:
            await _look_at(parts, subscribers, reach=looks % REACH_EVERY == 0)
        except SQLAlchemyError as error:  # the database is away: nobody is signed out by that
            log.warning("live_sign_ins_unknown", error=str(error))


async def _look_at(parts: Parts, subscribers: list[Subscriber], *, reach: bool) -> None:
    proofs = {one.proof for one in subscribers}

    def read() -> dict[str, sign_in.Alive]:
        with parts.database.read() as unit:
            return sign_in.list_alive(unit, proofs, reach=reach)

    alive = await run_in_threadpool(read)
    for one in subscribers:
        found = alive.get(one.proof)
        if found is None:
            one.close(SIGNED_OUT)
        elif found.access is not None:
            one.access = found.access


def _position(socket: WebSocket) -> str:
    return state.parts(socket).live.hub.position


def _hello(board: Switchboard, agent_key: str) -> str:
    return json.dumps([{"name": "hello", "at": board.hub.position, "me": agent_key, "rest": board.rest}])


async def _send(socket: WebSocket, frame: str) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):  # gone meanwhile: the reader ends
        await socket.send_text(frame)


async def _close(socket: WebSocket, code: int) -> None:
    if socket.application_state == WebSocketState.CONNECTED:
        with suppress(WebSocketDisconnect, RuntimeError):
            await socket.close(code)
