"""The settings of a chat widget: what is saved is what visitors get, and secrets change over without a gap."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.channels.chat.config import chat_config, sign
from helpdesk.channels.protocol import Account
from helpdesk.chat import upkeep
from helpdesk.models import AuditEntry, Brand, ChannelAccount, Team
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from tests.helpdesk.channels.chat.test_campaigns import HELLO
from tests.helpdesk.channels.chat.test_flows import RETURNS
from tests.helpdesk.chat.desk import add_widget

PICTURE = b"\x89PNG\r\n\x1a\n and what a picture has"
LOOK = {"name": "Aoba", "colour": "#0b6b62", "position": "left"}


@pytest.fixture
def widget(database: Database, brand: Brand, seal: Seal) -> ChannelAccount:
    return add_widget(
        database, brand, seal, flows=[RETURNS], campaigns=[HELLO], origins=["https://a.example"]
    )


@pytest.fixture
def here(widget: ChannelAccount) -> str:
    return f"/settings/widgets/{widget.key}"


@pytest.fixture
def config(database: Database, widget: ChannelAccount) -> Callable[[], dict[str, Any]]:
    def read() -> dict[str, Any]:
        with database.read() as unit:
            return unit.session.get_one(ChannelAccount, widget.pk).config

    return read


@pytest.fixture
def told(browser: Callable[..., TestClient], widget: ChannelAccount) -> Callable[..., dict[str, Any]]:
    """What the widget gets."""

    def ask(language: str = "en") -> dict[str, Any]:
        answer = browser().get(f"/widget/config?brand={widget.address}&lang={language}")
        found: dict[str, Any] = answer.json()
        return found

    return ask


def test_a_new_widget_stands_in_the_list_and_serves(
    admin_client: TestClient, brand: Brand, database: Database, browser: Callable[..., TestClient]
) -> None:
    answer = admin_client.post("/settings/widgets", data={"name": "Aoba chat", "brand": brand.key})
    assert answer.status_code == 303
    with database.read() as unit:
        account = unit.session.exec(select(ChannelAccount)).one()
        assert [one.name for one in unit.session.exec(select(AuditEntry))][-1:] == ["widget_added"]
    assert answer.headers["location"].endswith(account.key)
    assert "Aoba chat" in admin_client.get("/settings/widgets").text
    given = browser().get(f"/widget/config?brand={account.address}&lang=en").json()
    assert given["brand"]["name"] == "Aoba chat"


def test_only_who_may_change_settings_gets_in(lead_client: TestClient, here: str) -> None:
    for path in ("/settings/widgets", here, f"{here}/install", f"{here}/preview"):
        assert lead_client.get(path).status_code == 403


@pytest.mark.parametrize(
    "page",
    ["", "/talk", "/flows", "/flows/returns", "/campaigns", "/campaigns/new", "/campaigns/hello", "/install"],
)
def test_every_page_shows_what_is_saved(admin_client: TestClient, here: str, page: str) -> None:
    answer = admin_client.get(here + page)
    assert answer.status_code == 200
    assert 'aria-current="page"' in answer.text


def test_look_and_words_reach_the_visitor(
    admin_client: TestClient, here: str, told: Callable[..., dict[str, Any]]
) -> None:
    said = {"text_en_launcher": "Ask us", "text_ja_launcher": "ご相談", "text_en_start": "Send us a message"}
    assert admin_client.post(here, data={**LOOK, **said}).status_code == 303
    assert told()["brand"] == {"name": "Aoba", "colour": "#0b6b62", "position": "left", "logo": None}
    assert told()["texts"] == {"launcher": "Ask us"}, "what is said as ever is not kept"
    assert told("ja")["texts"] == {"launcher": "ご相談"}


def test_a_colour_has_to_be_one_and_a_pale_one_is_named(admin_client: TestClient, here: str) -> None:
    wrong = admin_client.post(here, data={**LOOK, "colour": "red"})
    assert wrong.status_code == 422 and "#2f5d50" in wrong.text
    admin_client.post(here, data={**LOOK, "colour": "#FFD84D"})
    page = admin_client.get(here).text
    assert "Words on it: 12.7 : 1." in page or "Words on it: 12" in page
    assert "data-contrast-pale>" in page, "the warning is not hidden"


def test_a_logo_is_served_to_every_site_and_only_under_its_own_address(
    admin_client: TestClient,
    browser: Callable[..., TestClient],
    here: str,
    told: Callable[..., dict[str, Any]],
) -> None:
    upload = {"logo": ("logo.png", PICTURE, "image/png")}
    assert admin_client.post(here, data=LOOK, files=upload).status_code == 303
    address = told()["brand"]["logo"]
    answer = browser().get(address)
    assert answer.content == PICTURE
    assert (answer.headers["content-type"], answer.headers["access-control-allow-origin"]) == (
        "image/png",
        "*",
    )
    assert browser().get(address[:-4] + "beef").status_code == 404
    admin_client.post(here, data={**LOOK, "no_logo": "1"})
    assert told()["brand"]["logo"] is None
    assert browser().get(address).status_code == 404


def test_what_is_no_picture_is_refused(admin_client: TestClient, here: str) -> None:
    for content, words in ((b"<svg/>", "choose a PNG"), (b"\x89PNG\r\n\x1a\n" + b"x" * 500_000, "500 kB")):
        answer = admin_client.post(here, data=LOOK, files={"logo": ("logo.png", content, "image/png")})
        assert answer.status_code == 422 and words in answer.text


HOURS = {
    "open": "hours",
    "mon_1_from": "09:00",
    "mon_1_to": "12:30",
    "mon_2_from": "13:30",
    "mon_2_to": "00:00",
    "closed": "2026-05-05\n2026-01-01",
    "presence": "agents",
    "assign": "manual",
    "orders": "1",
}


def test_hours_are_kept_as_the_chat_reads_them(
    admin_client: TestClient, here: str, config: Callable[[], dict[str, Any]]
) -> None:
    assert admin_client.post(f"{here}/talk", data=HOURS).status_code == 303
    kept = config()
    assert kept["hours"] == {
        "mon": [["09:00", "12:30"], ["13:30", "24:00"]],
        "closed": ["2026-01-01", "2026-05-05"],
    }
    assert (kept["presence"], kept["assign"], kept["orders"]) == ("agents", "manual", True)
    page = admin_client.get(f"{here}/talk").text
    assert 'name="mon_2_to" value="00:00"' in page
    admin_client.post(f"{here}/talk", data={"open": "always", "presence": "hours", "assign": "auto"})
    assert config()["hours"] == {} and config()["orders"] is False
    admin_client.post(f"{here}/talk", data={"open": "always", "closed": "2026-01-01"})
    assert config()["hours"]["wed"] == [["00:00", "24:00"]]
    assert 'value="always" checked' in admin_client.get(f"{here}/talk").text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"mon_1_from": "", "mon_1_to": "", "mon_2_from": "", "mon_2_to": ""}, "Give one day"),
        ({"mon_1_to": ""}, "its beginning and its end"),
        ({"mon_2_from": "12:00"}, "after the one before"),
        ({"mon_1_from": "noon"}, "Write the time as 09:30"),
        ({"closed": "tomorrow"}, "Write each date"),
        ({"presence": "perhaps"}, None),
        ({"team": "foreign"}, "choose one of the list"),
        ({"consent_url": "javascript:1"}, "https://"),
    ],
)
def test_hours_that_cannot_be_are_told(
    admin_client: TestClient, here: str, given: dict[str, str], words: str | None
) -> None:
    answer = admin_client.post(f"{here}/talk", data={**HOURS, **given})
    assert answer.status_code == 422
    assert words is None or words in answer.text


def test_a_team_of_the_brand_takes_the_chats(
    admin_client: TestClient,
    here: str,
    database: Database,
    brand: Brand,
    config: Callable[[], dict[str, Any]],
) -> None:
    with database.write() as unit:
        team = Team(brand_id=brand.pk, name="Chat")
        unit.session.add(team)
        unit.session.flush()
    assert admin_client.post(f"{here}/talk", data={**HOURS, "team": team.key}).status_code == 303
    assert config()["team"] == team.key


def test_questions_before_the_chat_are_added_and_dropped_without_saving(
    admin_client: TestClient, here: str, config: Callable[[], dict[str, Any]]
) -> None:
    one = {"p0_kind": "email", "p0_label_en": "E-mail", "p0_required": "1"}
    two = {"p2_kind": "select", "p2_label_en": "Topic", "p2_options_en": "Order\nOther"}
    more = admin_client.post(f"{here}/talk", data={**HOURS, **one, **two, "do": "add_field"})
    assert more.status_code == 200 and 'name="p2_kind"' in more.text and "prechat" not in config()
    less = admin_client.post(f"{here}/talk", data={**HOURS, **one, **two, "do": "drop_field:0"})
    assert "Topic" in less.text and 'name="p1_kind"' not in less.text


def test_questions_and_consent_reach_the_visitor_in_their_language(
    admin_client: TestClient, here: str, told: Callable[..., dict[str, Any]]
) -> None:
    asked = {
        "p0_kind": "name", "p0_label_en": "Your name", "p0_label_ja": "お名前",
        "p1_kind": "email", "p1_label_en": "E-mail", "p1_required": "1",
        "p2_kind": "select", "p2_name": "topic", "p2_label_en": "Topic", "p2_options_en": "Order\n\nOther",
        "p2_options_ja": "注文",
        "p3_kind": "text",
        "consent_en": "We keep this.", "consent_url": "https://shop.example/privacy",
    }  # fmt: skip
    assert admin_client.post(f"{here}/talk", data={**HOURS, **asked}).status_code == 303
    assert told("ja")["prechat"] == [
        {"type": "text", "required": False, "name": "name", "label": "お名前"},
        {"type": "email", "required": True, "name": "email", "label": "E-mail"},
        {"type": "select", "required": False, "name": "topic", "label": "Topic", "options": ["注文"]},
    ]
    assert told("en")["prechat"][2]["options"] == ["Order", "Other"]
    assert told()["consent"] == {"text": "We keep this.", "url": "https://shop.example/privacy"}


def test_sites_are_kept_as_origins(
    admin_client: TestClient, here: str, config: Callable[[], dict[str, Any]]
) -> None:
    sent = {"origins": "https://Shop.example/path\nhttp://localhost:3000 https://shop.example"}
    assert admin_client.post(f"{here}/install", data=sent).status_code == 303
    assert config()["origins"] == ["https://shop.example", "http://localhost:3000"]
    wrong = admin_client.post(f"{here}/install", data={"origins": "shop.example"})
    assert wrong.status_code == 422 and "shop.example is no address" in wrong.text


def test_the_tag_and_the_policy_name_this_helpdesk(
    admin_client: TestClient, here: str, widget: ChannelAccount
) -> None:
    page = admin_client.get(f"{here}/install").text
    assert f"http://testserver/widget.js&#34; data-brand=&#34;{widget.address}&#34;" in page
    assert "connect-src http://testserver ws://testserver" in page


def test_a_secret_is_shown_once_and_the_old_one_signs_until_it_is_ended(
    admin_client: TestClient, here: str, database: Database, widget: ChannelAccount, seal: Seal
) -> None:
    def shown(answer: Any) -> str:
        return str(re.findall(r'<code id="the-secret"[^>]*>([^<]+)<', answer.text)[0])

    def signs(secret: str) -> bool:
        with database.read() as unit:
            account = unit.session.get_one(ChannelAccount, widget.pk)
        opened = Account(1, "chat", account.address, "", account.config, seal.open(account.secrets))
        return chat_config(opened).signed("42", sign(secret, "42"))

    first = shown(admin_client.post(f"{here}/secret"))
    assert first not in admin_client.get(f"{here}/install").text
    second = shown(admin_client.post(f"{here}/secret"))
    assert signs(first) and signs(second)
    assert admin_client.post(f"{here}/secret").status_code == 409, "never a third one"
    assert admin_client.post(f"{here}/secret/end").status_code == 303
    assert signs(second) and not signs(first)
    with database.read() as unit:
        told = json.dumps([one.data for one in unit.session.exec(select(AuditEntry))])
    assert first not in told and second not in told


def test_the_first_secret_that_nobody_saw_signs_nothing_any_more(
    admin_client: TestClient, here: str, database: Database, widget: ChannelAccount, seal: Seal
) -> None:
    admin_client.post(f"{here}/secret")
    with database.read() as unit:
        account = unit.session.get_one(ChannelAccount, widget.pk)
    assert upkeep.secrets_in_use(account, seal) == 1


def test_switched_off_it_is_on_no_page_and_comes_back_as_it_was(
    admin_client: TestClient, browser: Callable[..., TestClient], here: str, widget: ChannelAccount
) -> None:
    address = f"/widget/config?brand={widget.address}"
    assert browser().get(address).status_code == 200
    admin_client.post(f"{here}/switch")
    assert browser().get(address).status_code == 404
    admin_client.post(f"{here}/switch", data={"on": "1"})
    assert [one["key"] for one in browser().get(address + "&lang=en").json()["flows"]] == ["returns"]


def test_the_preview_shows_the_form_as_it_is_and_saves_nothing(
    admin_client: TestClient, here: str, config: Callable[[], dict[str, Any]]
) -> None:
    before = config()
    sent = {**LOOK, "part": "look", "lang": "en", "text_en_greeting": "</script><b>Hi", "name": "Draft"}
    answer = admin_client.post(f"{here}/preview", data=sent)
    told = json.loads(re.findall(r'id="told">(.*?)</script>', answer.text, re.S)[0])
    assert told["config"]["brand"]["name"] == "Draft"
    assert told["config"]["texts"] == {"greeting": "</script><b>Hi"}
    assert told["config"]["campaigns"] == []
    policy = answer.headers["content-security-policy"]
    assert "sandbox allow-scripts" in policy and "allow-same-origin" not in policy
    assert "frame-ancestors 'self'" in policy
    assert config() == before


def test_the_preview_of_a_campaign_waits_for_no_rule(admin_client: TestClient, here: str) -> None:
    sent = {
        "part": "campaign",
        "lang": "en",
        "name": "x",
        "text_en": "Soon?",
        "url": "/cart",
        "seconds": "90",
    }
    for answer in (
        admin_client.post(f"{here}/preview", data=sent),
        admin_client.get(f"{here}/preview?campaign=hello&lang=en"),
    ):
        told = json.loads(re.findall(r'id="told">(.*?)</script>', answer.text, re.S)[0])
        (campaign,) = told["config"]["campaigns"]
        assert campaign["when"] == {} and not told["open"]


def test_the_preview_takes_a_form_that_is_half_filled_in(admin_client: TestClient, here: str) -> None:
    for part in ("look", "talk", "flow", "campaign", "nonsense"):
        sent = {"part": part, "colour": "re", "closed": "x", "s0_name": "", "seconds": "many"}
        assert admin_client.post(f"{here}/preview", data=sent).status_code == 200
