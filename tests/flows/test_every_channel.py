"""Every story of the simulator on every channel, everything told twice and shuffled: all of it is there once."""

from __future__ import annotations

from collections import Counter

from starlette.testclient import TestClient

import classifiers
from helpdesk.intake.pipeline import Intake
from helpdesk.models import Brand, Contact, InboundEvent, Message, Ticket
from helpdesk.settings import Settings
from helpdesk.simulate import play
from helpdesk.simulate.accounts import connect
from helpdesk.simulate.play import Step, Target
from helpdesk.simulate.vendors import VENDORS
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import tag
from tests.helpdesk.stories import rows

SAID = ("text", "picture", "sticker", "location", "missed", "talk")


def test_everything_twice_and_in_disorder_is_there_once(
    database: Database, brand: Brand, seal: Seal, files: Files, settings: Settings, client: TestClient
) -> None:
    with database.write() as unit:
        tag.ensure_tags(unit, brand)
        accounts = [
            connect(unit, seal, unit.session.get_one(Brand, brand.pk), vendor, "http://127.0.0.1:9")
            for vendor in VENDORS
        ]
    targets = [
        Target(
            one.kind, f"{settings.base_url}/hooks/{one.kind}/{one.key}", one.address, seal.open(one.secrets)
        )
        for one in accounts
    ]
    steps = play.plan(play.stories(), targets, start=database.clock())
    for step in play.disorder(steps):
        tell(client, step, settings)
    intake = Intake(database, files, seal, classifiers.builtin())
    while intake.drain():
        pass
    assert {one.state for one in rows(database, InboundEvent)} == {"done"}
    expected = Counter(one.target.vendor for one in steps if one.deed.kind in SAID)
    assert Counter(one.channel for one in rows(database, Message)) == expected
    said = {one.text for one in rows(database, Message)}
    assert {one.deed.text for one in steps if one.deed.kind == "edit"} <= said
    assert "taken_back" in {one.content.get("type") for one in rows(database, Message)}
    assert {one.blocked for one in rows(database, Contact)} == {True, False}
    waiting = Counter(one.status for one in rows(database, Ticket) if one.channel == "phone")
    assert waiting == {"open": 2, "closed": 1}


def tell(client: TestClient, step: Step, settings: Settings) -> None:
    request = step.request()
    path = step.target.url.removeprefix(settings.base_url)
    assert client.post(path, content=request.body, headers=dict(request.headers)).status_code == 200
