"""A widget that is switched off, and files that nobody sent."""

from __future__ import annotations

import asyncio

from sqlmodel import col, select
from starlette.applications import Starlette

from helpdesk.chat import files, upkeep, visitors
from helpdesk.chat.accounts import get_widget
from helpdesk.chat.visitors import Hello
from helpdesk.models import Agent, Brand, ChannelAccount, ChatFile, ChatLine, Ticket, Visitor
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import reply
from helpdesk.work.housekeeping import sweep
from helpdesk.work.runner import assemble
from tests.conftest import StandingClock
from tests.helpdesk.chat.desk import Window, add_widget, serving


def test_an_answer_reaches_the_conversation_of_a_widget_that_is_off(
    app: Starlette,
    database: Database,
    brand: Brand,
    seal: Seal,
    files: Files,
    settings: Settings,
    agent: Agent,
) -> None:
    widget = add_widget(database, brand, seal)
    work = assemble(database, files, seal, settings, app.state.parts.model)
    with serving(app) as host:
        window = Window(host, widget.address)
        window.write("k1", "Is the tea still there?")
        window.close()
    work.intake.drain()
    with database.write() as unit:
        upkeep.switch(unit, unit.session.get_one(ChannelAccount, widget.pk), on=False)
        ticket = unit.session.exec(select(Ticket)).one()
        reply.send(unit, ticket, by=agent, body="Yes, plenty.", files=files)
    asyncio.run(work.courier.drain())
    with database.read() as unit:
        said = unit.session.exec(select(ChatLine).order_by(col(ChatLine.seq))).all()
    assert [(one.writer, one.text) for one in said] == [
        ("visitor", "Is the tea still there?"),
        ("agent", "Yes, plenty."),
    ]


def test_an_upload_that_was_never_sent_goes_after_a_day_and_no_other(
    database: Database, brand: Brand, seal: Seal, clock: StandingClock
) -> None:
    widget = add_widget(database, brand, seal)
    with database.write() as unit:
        opened = get_widget(unit, widget.address, seal)
        visitor = visitors.create(unit, opened, Hello(), "0" * 64)
        for name in ("sent", "forgotten"):
            files.keep(unit, visitor, name=name, content_type="text/plain", size=1, sha256="0" * 64)
        (key,) = unit.session.exec(select(ChatFile.key).where(ChatFile.name == "sent"))
        files.take(unit, visitor, [key])
    clock.advance(hours=23)
    with database.write() as unit:
        visitor = unit.session.exec(select(Visitor)).one()
        files.keep(unit, visitor, name="fresh", content_type="text/plain", size=1, sha256="0" * 64)
    assert sweep(database) == 0
    clock.advance(hours=2)
    assert sweep(database) == 1
    with database.read() as unit:
        assert set(unit.session.exec(select(ChatFile.name))) == {"sent", "fresh"}
