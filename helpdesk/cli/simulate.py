"""`helpdesk simulate`: customers on LINE, Messenger, Instagram, WhatsApp and Telegram write to a running helpdesk."""

from __future__ import annotations

import argparse
import asyncio
import time
from datetime import timedelta

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
from helpdesk.simulate.serve import serving
from helpdesk.simulate.vendors import VENDORS
from helpdesk.store.db import utc_now
from helpdesk.web.state import Parts


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
        "--stay", action="store_true", help="keep the providers' servers open for answers until Ctrl+C"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    settings = load(data=arguments.data)
    logs.configure(settings)
    parts = app.make_parts(settings)
    try:
        with serving(Provider().app, arguments.port) as address:
            told = _plan(parts, arguments, address)
            logs.say(f"Providers play at {address}; {len(told)} calls go to {parts.settings.base_url}")
            failed = asyncio.run(_play(told, arguments.speed))
            logs.say(f"{len(told) - failed} calls taken, {failed} refused")
            if arguments.stay:
                _wait()
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
        picture=f"{address}/files/picture.png",
        seed=int(time.time()),
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
            request = step.request()
            try:
                answer = await http.post(step.target.url, content=request.body, headers=dict(request.headers))
            except httpx2.HTTPError as error:
                raise Unavailable(
                    "%(url)s does not answer (%(why)s); start the helpdesk first: helpdesk serve --demo",
                    url=step.target.url,
                    why=error,
                ) from error
            failed += answer.status_code >= 300
    return failed


def _wait() -> None:
    logs.say("Answers of the helpdesk arrive here: see /simulate/sent. Ctrl+C ends it.")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return
