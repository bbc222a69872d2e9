"""Whatever goes wrong between us and a provider, no error, log line or shown account holds a secret."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from helpdesk.channels.protocol import Account, Outgoing, Parcel, Person
from helpdesk.channels.social import CHANNELS
from helpdesk.errors import HelpdeskError
from helpdesk.web.callers import Caller
from tests.fakes.serving import serving

SECRETS = {
    name: f"SECRET-{name}"
    for name in (
        *("channel_secret", "app_secret", "consumer_secret", "webhook_secret", "auth_token"),
        *("access_token", "bot_token", "verify_token", "token"),
    )
}
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


async def fail(request: Request) -> Response:
    how = request.url.path.split("/")[1]
    if how == "redirect":
        return RedirectResponse("ftp://elsewhere.example/")
    if how == "words":
        return PlainTextResponse("no\n" * 1000, 500)
    return JSONResponse({"error": {"code": 190}, "message": "no", "description": "no"}, int(how))


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    routes = [Route("/{path:path}", fail, methods=["GET", "POST", "PUT"])]
    with serving(Starlette(routes=routes)) as address:
        yield f"http://{address}"


@pytest.mark.parametrize("how", ["401", "400", "404", "429", "500", "words", "redirect", "away", "nonsense"])
@pytest.mark.parametrize("kind", CHANNELS)
def test_no_failure_tells_a_secret(
    provider: str, kind: str, how: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    base = {"away": "http://127.0.0.1:9", "nonsense": "gopher://x y"}.get(how, f"{provider}/{how}")
    config = {"api_base": base, "account_sid": "AC", "channel_id": "1"}
    account = Account(1, kind, "A", "Shop", config, SECRETS)
    said = [repr(account), repr(Caller(1, 1, kind, "A", SECRETS))]
    with caplog.at_level(logging.DEBUG):
        said += asyncio.run(failures(kind, account))
    printed = capsys.readouterr()
    # The client's own lines are of the level INFO, below what the helpdesk lets any library say.
    loud = [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]
    everything = "\n".join([*said, *loud, printed.out, printed.err])
    assert len(said) > 2
    assert "SECRET-" not in everything


async def failures(kind: str, account: Account) -> list[str]:
    made: Any = CHANNELS[kind].kind()
    letter = Outgoing("hd.1.2", Person("x", "A"), (Person("", "U1"),), "x", NOW)
    said = []
    try:
        raw = made.prepare(account, letter)
        line = made.open(account)
        if line is None:
            said.append("nothing to send with")
        else:
            try:
                await line.send(Parcel(letter.id, raw, ("U1",)))
            finally:
                await line.close()
    except HelpdeskError as error:
        said += [error.text, str(error), repr(error.data)]
    for ref in ("9", f"{account.config['api_base']}/file", "https://127.0.0.1/x"):
        try:
            await made.fetch(account, ref, most=10)
        except HelpdeskError as error:
            said += [error.text, repr(error.data)]
    return said
