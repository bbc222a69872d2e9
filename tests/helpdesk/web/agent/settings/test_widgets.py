"""The settings of a chat widget: what is saved is what visitors get, and a preview saves nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.models import AuditEntry, Brand, ChannelAccount
from helpdesk.store.db import Database

PICTURE = b"\x89PNG\r\n\x1a\n and what a picture has"
LOOK = {"name": "Aoba", "colour": "#0b6b62", "position": "left"}


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
