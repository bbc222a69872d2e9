"""What widgets report of campaigns and flows: taken without a cookie, and counted as the settings know them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from helpdesk.models import Brand, CampaignAnswer, ChannelAccount, WidgetCount
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from tests.helpdesk.channels.chat.test_campaigns import HELLO
from tests.helpdesk.channels.chat.test_flows import RETURNS
from tests.helpdesk.chat.desk import Window, add_widget, serving

SHOP = {"Origin": "https://shop.example"}


@pytest.fixture
def widget(database: Database, brand: Brand, seal: Seal) -> ChannelAccount:
    return add_widget(
        database,
        brand,
        seal,
        origins=["https://shop.example"],
        campaigns=[HELLO],
        flows=[RETURNS],
        orders=False,
    )


@pytest.fixture
def stranger(browser: Callable[..., TestClient]) -> TestClient:
    return browser()


@pytest.fixture
def counted(app: Starlette, database: Database) -> Callable[[], dict[tuple[str, str, str], int]]:
    """Writes down what is in memory: (name, step, before) → how often."""

    def read() -> dict[tuple[str, str, str], int]:
        app.state.reception.tally.write_down()
        with database.read() as unit:
            found = unit.session.exec(select(WidgetCount)).all()
        return {(one.name, one.step, one.before): one.count for one in found}

    return read


def report(stranger: TestClient, widget: ChannelAccount, body: Any, **headers: str) -> int:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = stranger.post(
        f"/widget/seen?brand={widget.address}",
        content=content,
        headers={**SHOP, "Content-Type": "text/plain", **headers},
    )
    assert "set-cookie" not in answer.headers
    return answer.status_code


def test_a_beacon_is_counted(
    stranger: TestClient, widget: ChannelAccount, counted: Callable[[], dict[Any, int]]
) -> None:
    seen = [
        {"campaign": "hello", "what": "shown"},
        {"campaign": "hello", "what": "clicked"},
        {"flow": "returns", "step": "what"},
        {"flow": "returns", "step": "free", "before": "what"},
        {"campaign": "unknown", "what": "shown"},
        {"campaign": 3},
        "nonsense",
    ]
    assert report(stranger, widget, {"seen": seen}) == 204
    assert report(stranger, widget, {"campaign": "hello", "what": "shown"}) == 204
    assert counted() == {
        ("hello", "shown", ""): 2,
        ("hello", "clicked", ""): 1,
        ("returns", "what", ""): 1,
        ("returns", "free", "what"): 1,
    }


@pytest.mark.parametrize(
    ("body", "status"), [(b"no json", 422), (b"3", 422), (b"[" * 4000, 422), (b"x" * 5001, 413), (b"[]", 204)]
)
def test_what_is_no_report_is_refused(
    stranger: TestClient, widget: ChannelAccount, body: bytes, status: int
) -> None:
    assert report(stranger, widget, body) == status


def test_another_site_reports_nothing(
    stranger: TestClient, widget: ChannelAccount, counted: Callable[[], dict[Any, int]]
) -> None:
    seen = {"campaign": "hello", "what": "shown"}
    assert report(stranger, widget, seen, Origin="https://elsewhere.example") == 403
    assert counted() == {}


def test_one_address_reports_so_much_and_no_more(
    stranger: TestClient, widget: ChannelAccount, counted: Callable[[], dict[Any, int]]
) -> None:
    seen = {"campaign": "hello", "what": "shown"}
    codes = [report(stranger, widget, seen) for _time in range(125)]
    assert codes == [204] * 120 + [429] * 5
    assert counted() == {("hello", "shown", ""): 120}


def test_the_settings_carry_campaigns_in_the_language_asked_for(
    stranger: TestClient, widget: ChannelAccount
) -> None:
    asked = f"/widget/config?brand={widget.address}&lang=en"
    given = stranger.get(asked, headers=SHOP).json()
    assert given["campaigns"] == [
        {
            "key": "hello",
            "text": "Hello",
            "button": "Ask",
            "when": {
                "url": "/cart",
                "seconds": 0,
                "visits": 2,
                "exit": False,
                "new_visitor": True,
                "colour": "red",
            },
            "every_days": 3,
        }
    ]
    assert given["flows"][0]["title"] == "Returns"
    assert given["orders"] is False


def test_orders_are_not_looked_up_where_that_is_off(stranger: TestClient, widget: ChannelAccount) -> None:
    asked = {"number": "HK-1", "email": "a@b.example"}
    answer = stranger.post(f"/widget/orders?brand={widget.address}", json=asked, headers=SHOP)
    assert answer.status_code == 404


@pytest.fixture
def host(app: Starlette) -> Iterator[str]:
    with serving(app) as address:
        yield address


def test_a_message_tells_what_it_came_of_once(
    host: str, widget: ChannelAccount, database: Database, counted: Callable[[], dict[Any, int]]
) -> None:
    window = Window(host, widget.address)
    window.say({"type": "flow", "flow": "returns", "step": "what"})
    came = {"campaign": "hello", "flow": {"key": "returns", "path": ["what", "free"]}}
    first = window.write("k1", "Still broken", **came)
    again = window.write("k1", "Still broken", **came)
    window.write("k2", "And more", campaign=["x"], flow={"key": 3, "path": "what"})
    window.close()
    assert first == again
    assert counted() == {("returns", "what", ""): 1, ("returns", "ticket", "free"): 1}
    with database.read() as unit:
        (answer,) = unit.session.exec(select(CampaignAnswer)).all()
    assert (answer.campaign, answer.account_id) == ("hello", widget.pk)
