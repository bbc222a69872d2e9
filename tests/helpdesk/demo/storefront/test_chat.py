"""The demo shop's chat stands with flows that can be walked through, campaigns, and figures that add up."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import select

from helpdesk.channels.chat import campaigns, flow_check, flows
from helpdesk.demo import shop
from helpdesk.demo.storefront.chat import open_chat
from helpdesk.models import Brand, ChannelAccount, WidgetCount
from helpdesk.reports import widgets
from helpdesk.reports.period import Period
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal


def opened(database: Database, brand: Brand, seal: Seal) -> ChannelAccount:
    with database.write() as unit:
        unit.session.get_one(Brand, brand.pk).name = shop.NAME
        address = open_chat(unit, seal, origins=["http://127.0.0.1:1"])
    with database.read() as unit:
        return unit.session.exec(select(ChannelAccount).where(ChannelAccount.address == address)).one()


def test_its_flows_and_campaigns_are_in_order(database: Database, brand: Brand, seal: Seal) -> None:
    config = opened(database, brand, seal).config
    read = [flows.normal(one) for one in config["flows"]]
    assert {flow["key"]: flow_check.problems(flow) for flow in read} == {flow["key"]: [] for flow in read}
    assert all(set(flow["titles"]) == {"ja", "en"} for flow in read)
    assert len([campaigns.normal(one) for one in config["campaigns"]]) >= 2


def test_its_figures_add_up_and_are_put_once(database: Database, brand: Brand, seal: Seal) -> None:
    account = opened(database, brand, seal)
    with database.read() as unit:
        before = len(unit.session.exec(select(WidgetCount)).all())
    again = opened(database, brand, seal)
    today = date(2026, 1, 5)
    month = Period(today - timedelta(days=28), today, ZoneInfo("Asia/Tokyo"))
    with database.read() as unit:
        assert len(unit.session.exec(select(WidgetCount)).all()) == before > 0
        report = widgets.read(unit, again.pk, account.config, month, "en")
    for flow in report.flows:
        ended = sum(one.left + one.answered + one.tickets + one.opened for one in flow.steps)
        assert flow.started == ended > 0
    assert all(one.shown > one.clicked > 0 and one.answered > 0 for one in report.campaigns)
