"""`helpdesk simulate`: customers write and call on every channel of a running helpdesk."""

from __future__ import annotations

import argparse
import asyncio
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlmodel import col, select

from helpdesk import app
from helpdesk.cli import add_data, logs
from helpdesk.errors import Misconfigured, Unavailable
from helpdesk.models import Brand, ChannelAccount, Order
from helpdesk.settings import load
from helpdesk.simulate import play
from helpdesk.simulate.accounts import connect
from helpdesk.simulate.play import Step, Target
from helpdesk.simulate.provider import Provider
from helpdesk.simulate.reading import READ_AFTER, receipts
from helpdesk.simulate.serve import serving
from helpdesk.simulate.vendors import VENDORS
from helpdesk.store.db import utc_now
from helpdesk.web.state import Parts

if TYPE_CHECKING:
    import httpx2


def configure(parser: argparse.ArgumentParser) -> None:
    add_data(parser)
    parser.add_argument(
        "--vendor", choices=sorted(VENDORS), action="append", help="only this channel; may be repeated"
    )
    parser.add_argument("--story", default="", help="only this story")
    parser.add_argument(
        "--port", type=int, default=9300, help="where the providers' servers listen (default: 9300)"
    )
    parser.add_argument(
        "--speed", type=float, default=1.0, help="how many times faster than told (default: 1)"
    )
    parser.add_argument("--disorder", action="store_true", help="everything twice and shuffled")
    parser.add_argument(
        "--stay", action="store_true", help="stay for answers, which customers read, until Ctrl+C"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    settings = load(data=arguments.data)
    logs.configure(settings)
    parts = app.make_parts(settings)
    provider = Provider(quota=500)
    try:
        with serving(provider.app, arguments.port) as address:
            told = _plan(parts, arguments, address)
            provider.about.names |= {one.deed.who: str(one.deed.data["name"]) for one in told}
            provider.about.hooks |= {one.target.vendor: one.target.url for one in told}
            provider.about.names |= {one.deed.who: str(one.deed.data["name"]) for one in told}
            provider.links.target = next((one.target for one in told if one.target.vendor == "line"), None)
            logs.say(f"Providers play at {address}; {len(told)} calls go to {parts.settings.base_url}")
            failed = asyncio.run(_play(told, arguments.speed))
            logs.say(f"{len(told) - failed} calls taken, {failed} refused")
            if arguments.stay:
                asyncio.run(
                    _read_answers(provider, list({one.target.url: one.target for one in told}.values()))
                )
    except KeyboardInterrupt:
        return 0
    finally:
        parts.database.close()
    return 1 if failed else 0


def _plan(parts: Parts, arguments: argparse.Namespace, address: str) -> list[Step]:
    wanted = arguments.vendor or sorted(VENDORS)
    with parts.database.write() as unit:
        brand = unit.session.exec(select(Brand).order_by(col(Brand.id))).first()
        if brand is None:
            raise Misconfigured("there is no brand yet; run: helpdesk demo")
        accounts = [connect(unit, parts.seal, brand, vendor, address) for vendor in wanted]
        targets = [_target(parts, one) for one in accounts]
        order = unit.session.exec(
            select(Order).where(Order.brand_id == brand.pk).order_by(col(Order.id).desc())
        ).first()
    steps = play.plan(
        play.stories(arguments.story),
        targets,
        start=utc_now(),
        order=order.number if order else "1001",
        files=f"{address}/files",
        seed=int(time.time()),
        first=int(time.time()) % 1_000_000 * 100,  # nobody who was here before
    )
    return play.disorder(steps) if arguments.disorder else steps


def _target(parts: Parts, account: ChannelAccount) -> Target:
    url = f"{parts.settings.base_url}/hooks/{account.kind}/{account.key}"
    return Target(account.kind, url, account.address, parts.seal.open(account.secrets))


async def _play(told: list[Step], speed: float) -> int:
    import httpx2  # nothing else of this command needs it

    failed, begun = 0, told[0].deed.at if told else utc_now()
    started = time.monotonic()
    async with httpx2.AsyncClient(timeout=20) as http:
        for step in told:
            due = max(timedelta(), step.deed.at - begun).total_seconds() / max(0.01, speed)
            await asyncio.sleep(max(0.0, due - (time.monotonic() - started)))
            failed += await _call(http, step) >= 300
    return failed


async def _call(http: httpx2.AsyncClient, step: Step) -> int:
    import httpx2  # nothing else of this command needs it

    request = step.request()
    try:
        answer = await http.post(step.target.url, content=request.body, headers=dict(request.headers))
    except httpx2.HTTPError as error:
        raise Unavailable(
            "%(url)s does not answer (%(why)s); start the helpdesk first: helpdesk serve --demo",
            url=step.target.url,
            why=error,
        ) from error
    return answer.status_code


async def _read_answers(provider: Provider, targets: list[Target]) -> None:
    """Until Ctrl+C: customers get and read what the helpdesk answers."""
    import httpx2  # nothing else of this command needs it

    logs.say("Answers of the helpdesk arrive here and are read: see /simulate/sent. Ctrl+C ends it.")
    seen = len(provider.sent)
    async with httpx2.AsyncClient(timeout=20) as http:
        while True:
            await asyncio.sleep(0.5)
            for sent in provider.sent[seen:]:
                seen += 1
                for step in receipts(sent, targets, at=utc_now()):
                    await asyncio.sleep(READ_AFTER.total_seconds() if step.deed.kind == "read" else 0)
                    await _call(http, step)
