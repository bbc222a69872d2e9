"""Whatever a provider answers, asking it gives a result or an error with words, never something else."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from helpdesk.channels.carers import CARERS
from helpdesk.channels.protocol import Account
from helpdesk.errors import HelpdeskError
from tests.fakes.serving import serving

NOW = datetime(2026, 1, 5, 3, tzinfo=UTC)
NEEDED = ("channel_secret", "access_token", "app_secret", "refresh_token", "bot_token", "auth_token")
SECRETS = dict.fromkeys(NEEDED, "s")
CONFIG = {"waba_id": "8", "client_id": "c", "app_id": "5", "account_sid": "AC1", "token": "short"}
NAMES = (
    *("data", "value", "totalUsage", "type", "error", "errors", "access_token", "expires_in", "expires_at"),
    *("result", "photo", "paging", "cursors", "after", "next", "components", "name", "language", "status"),
    *("is_valid", "ok", "displayName", "pictureUrl", "message", "details", "active", "endpoint", "title"),
)
ATOMS = (None, True, 0, -1, 10**30, 1.5, "", "limited", "x" * 50, "NaN", [], {}, [[]], "2")


class Odd:
    def __init__(self) -> None:
        self.body, self.status = b"", 200

    async def answer(self, request: Request) -> Response:
        return Response(self.body, self.status, media_type="application/json")


@pytest.fixture(scope="module")
def odd() -> Iterator[tuple[Odd, str]]:
    made = Odd()
    with serving(Starlette(routes=[Route("/{path:path}", made.answer, methods=["GET", "POST"])])) as address:
        yield made, f"http://{address}"


def any_json(dice: random.Random, depth: int = 3) -> Any:
    if depth == 0 or dice.random() < 0.35:
        return dice.choice(ATOMS)
    if dice.random() < 0.2:
        return [any_json(dice, depth - 1) for _one in range(dice.randrange(3))]
    return {dice.choice(NAMES): any_json(dice, depth - 1) for _one in range(dice.randrange(7))}


@pytest.mark.parametrize("kind", sorted(CARERS))
def test_odd_answers_are_answers_or_errors_with_words(kind: str, odd: tuple[Odd, str]) -> None:
    server, address = odd
    care, dice = CARERS[kind], random.Random(kind)
    account = Account(1, kind, "77", "", {**CONFIG, "api_base": address}, SECRETS)

    async def ask_everything() -> None:
        server.body = json.dumps(any_json(dice)).encode() if dice.random() < 0.95 else b"<html>"
        server.status = dice.choice((200, 200, 200, 201, 400, 401, 429, 503))
        for asking in (
            lambda: care.check(account),
            lambda: care.profile(account, "U1"),
            lambda: care.quota(account),
            lambda: care.renew(account, NOW),
            lambda: care.templates(account),
            lambda: care.mark_read(account, "U1", "m", "t"),
        ):
            try:
                await asking()
            except HelpdeskError as error:
                assert error.text

    async def often() -> None:
        for _turn in range(40):
            await ask_everything()

    asyncio.run(often())
