"""Flows and campaigns in their editors: what is saved can be walked through, and a file brings it elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from helpdesk.channels.chat import flows
from helpdesk.models import Brand, ChannelAccount
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from tests.helpdesk.channels.chat.test_campaigns import HELLO
from tests.helpdesk.channels.chat.test_flows import RETURNS
from tests.helpdesk.chat.desk import add_widget

Read = Callable[[], dict[str, Any]]
# The form of RETURNS as the page sends it.
FORM = {
    "active": "1",
    "title_en": "Returns",
    "title_ja": "返品",
    "start": "0",
    "s0_name": "what", "s0_was": "what", "s0_text_en": "What happened?", "s0_text_ja": "どうしましたか",
    "s0b0_label_en": "Unused", "s0b0_label_ja": "未使用", "s0b0_goes": "to:free",
    "s0b1_label_en": "Broken", "s0b1_goes": "say", "s0b1_say_en": "It arrived broken.",
    "s0b2_label_en": "Where is it?", "s0b2_goes": "open:orders",
    "s0b3_label_en": "Read", "s0b3_goes": "url", "s0b3_url": "https://shop.example/returns",
    "s1_name": "free", "s1_was": "free", "s1_text_en": "Returns are free.", "s1_end": "1",
}  # fmt: skip


@pytest.fixture
def widget(database: Database, brand: Brand, seal: Seal) -> ChannelAccount:
    return add_widget(database, brand, seal, flows=[RETURNS], campaigns=[HELLO])


@pytest.fixture
def here(widget: ChannelAccount) -> str:
    return f"/settings/widgets/{widget.key}"


@pytest.fixture
def config(database: Database, widget: ChannelAccount) -> Read:
    def read() -> dict[str, Any]:
        with database.read() as unit:
            return unit.session.get_one(ChannelAccount, widget.pk).config

    return read


def test_what_the_form_sends_back_unchanged_is_the_same_flow(
    admin_client: TestClient, here: str, config: Read
) -> None:
    assert admin_client.post(f"{here}/flows/returns", data=FORM).status_code == 303
    assert config()["flows"] == [flows.normal(RETURNS)]


def test_a_dead_end_is_not_saved_while_visitors_see_it(
    admin_client: TestClient, here: str, config: Read
) -> None:
    broken = {**FORM, "s0b0_goes": "to:nowhere"}
    answer = admin_client.post(f"{here}/flows/returns", data=broken)
    assert answer.status_code == 422
    assert "leads to step “nowhere”, which does not exist" in answer.text
    assert config()["flows"] == [RETURNS]
    del broken["active"]
    assert admin_client.post(f"{here}/flows/returns", data=broken).status_code == 303
    assert "which does not exist" in admin_client.get(f"{here}/flows/returns").text


def test_a_renamed_step_takes_its_buttons_along(admin_client: TestClient, here: str, config: Read) -> None:
    renamed = {**FORM, "s1_name": "free-returns", "start": "0"}
    assert admin_client.post(f"{here}/flows/returns", data=renamed).status_code == 303
    (flow,) = config()["flows"]
    assert flow["steps"]["what"]["buttons"][0]["to"] == "free-returns"
    assert list(flow["steps"]) == ["what", "free-returns"]


@pytest.mark.parametrize(
    ("do", "there", "gone"),
    [
        ("add_step", 'name="s2_name"', 'name="s3_name"'),
        ("drop_step:1", "(missing)", 'name="s1_name"'),
        ("add_button:1", 'name="s1b0_goes"', 'name="s1b1_goes"'),
        ("drop_button:0.1", "Where is it?", "It arrived broken."),
        ("down_step:0", 'name="s0_name" value="free"', 'name="s0_name" value="what"'),
        ("up_step:1", 'name="s0_name" value="free"', 'name="s0_name" value="what"'),
        ("up_step:0", 'name="s0_name" value="what"', 'name="s0_name" value="free"'),
        ("drop_step:x", 'name="s1_name"', 'name="s2_name"'),
    ],
)
def test_buttons_change_the_form_and_save_nothing(
    admin_client: TestClient, here: str, config: Read, do: str, there: str, gone: str
) -> None:
    page = admin_client.post(f"{here}/flows/returns", data={**FORM, "do": do})
    assert page.status_code == 200
    shown = " ".join(page.text.replace('" maxlength', '" ').split())
    shown = shown.replace('id="f-s0-name" ', "")
    assert there in shown
    assert gone not in shown
    assert config()["flows"] == [RETURNS]


def test_a_script_gets_the_steps_alone(admin_client: TestClient, here: str) -> None:
    asked = {"HX-Request": "true"}
    part = admin_client.post(f"{here}/flows/returns", data={**FORM, "do": "add_step"}, headers=asked)
    assert 'name="s2_name"' in part.text
    assert "<html" not in part.text
    talk = admin_client.post(f"{here}/talk", data={"open": "always", "do": "add_field"}, headers=asked)
    assert 'id="prechat"' in talk.text and 'name="p0_kind"' in talk.text


def test_a_button_to_a_new_step_makes_it(admin_client: TestClient, here: str) -> None:
    page = admin_client.post(f"{here}/flows/returns", data={**FORM, "s0b1_goes": "new", "do": "apply"})
    assert 'name="s2_name" value="step-1"' in page.text
    assert '<option value="to:step-1" selected>' in page.text


def test_the_first_step_follows_the_choice(admin_client: TestClient, here: str, config: Read) -> None:
    back = {**FORM, "start": "1", "s1b0_label_en": "Back", "s1b0_goes": "to:what"}
    assert admin_client.post(f"{here}/flows/returns", data=back).status_code == 303
    assert config()["flows"][0]["start"] == "free"


def test_a_new_flow_begins_switched_off_with_one_step(
    admin_client: TestClient, here: str, config: Read
) -> None:
    answer = admin_client.post(f"{here}/flows", data={"title": "Sizes"})
    assert answer.headers["location"] == f"{here}/flows/flow-1"
    flow = config()["flows"][1]
    assert (flow["titles"], flow["active"], flow["start"]) == ({"en": "Sizes"}, False, "start")
    assert 'role="alert"' not in admin_client.get(f"{here}/flows/flow-1").text


def test_flows_travel_as_a_file(
    admin_client: TestClient, here: str, database: Database, brand: Brand, seal: Seal
) -> None:
    file = admin_client.get(f"{here}/flows.json")
    assert "attachment" in file.headers["content-disposition"]
    other = add_widget(database, brand, seal)
    there = f"/settings/widgets/{other.key}"
    sent = {"file": ("flows.json", file.content, "application/json")}
    assert admin_client.post(f"{there}/flows/import", files=sent).status_code == 303
    with database.read() as unit:
        assert unit.session.get_one(ChannelAccount, other.pk).config["flows"] == [flows.normal(RETURNS)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no json", "this is no JSON"),
        (b"[]", "there are no flows"),
        (b'{"flows": 3}', "there are no flows"),
        (json.dumps([RETURNS, {"key": "x", "title": "X"}]).encode(), "X: The flow has no steps."),
    ],
)
def test_a_file_is_taken_in_whole_or_not_at_all(
    admin_client: TestClient, here: str, config: Read, content: bytes, words: str
) -> None:
    sent = {"file": ("flows.json", content, "application/json")}
    answer = admin_client.post(f"{here}/flows/import", files=sent)
    assert answer.status_code == 422 and words in answer.text
    assert config()["flows"] == [RETURNS]


def test_a_deleted_flow_is_gone_from_the_widget_and_its_page(
    admin_client: TestClient, here: str, config: Read
) -> None:
    assert admin_client.post(f"{here}/flows/returns/delete").status_code == 303
    assert config()["flows"] == []
    assert admin_client.get(f"{here}/flows/returns").status_code == 404


CAMPAIGN = {
    "active": "1",
    "name": "Shipping",
    "text_en": "Free from ¥8,800.",
    "button_en": "Ask",
    "flow": "returns",
    "url": "/cart*",
    "cart_at_least": "4000",
    "seconds": "5",
    "exit": "1",
    "every_days": "14",
}


def test_a_campaign_is_saved_with_its_rules_and_told(
    admin_client: TestClient,
    browser: Callable[..., TestClient],
    here: str,
    config: Read,
    widget: ChannelAccount,
) -> None:
    answer = admin_client.post(f"{here}/campaigns", data=CAMPAIGN)
    assert answer.headers["location"] == f"{here}/campaigns/campaign-1"
    kept = config()["campaigns"][1]
    assert kept["when"] == {"url": "/cart*", "cart_at_least": 4000, "seconds": 5, "exit": True}
    given = browser().get(f"/widget/config?brand={widget.address}&lang=en").json()["campaigns"]
    assert (given[1]["text"], given[1]["flow"], given[1]["every_days"]) == (
        "Free from ¥8,800.",
        "returns",
        14,
    )
    admin_client.post(f"{here}/campaigns/campaign-1", data={**CAMPAIGN, "active": ""})
    given = browser().get(f"/widget/config?brand={widget.address}&lang=en").json()["campaigns"]
    assert [one["key"] for one in given] == ["hello"]
    admin_client.post(f"{here}/campaigns/campaign-1/delete")
    assert [one["key"] for one in config()["campaigns"]] == ["hello"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"text_en": ""}, "needs words in one language"),
        ({"name": ""}, "fill this in"),
        ({"seconds": "soon"}, "A whole number"),
        ({"every_days": "0"}, "A whole number"),
        ({"flow": "unknown"}, None),
    ],
)
def test_a_campaign_that_cannot_be_is_not_saved(
    admin_client: TestClient, here: str, config: Read, given: dict[str, str], words: str | None
) -> None:
    answer = admin_client.post(f"{here}/campaigns", data={**CAMPAIGN, **given})
    assert answer.status_code == 422
    assert words is None or words in answer.text
    assert len(config()["campaigns"]) == 1


def test_the_report_is_on_its_page(
    admin_client: TestClient, client: TestClient, here: str, widget: ChannelAccount
) -> None:
    page = client.get(f"/reports/widget?widget={widget.key}")
    assert page.status_code == 200
    assert "Hello" in page.text and "Returns" in page.text
    assert client.get("/reports/widget?widget=unknown").status_code == 404
    assert "/reports/widget" in client.get("/reports").text
    assert f"/reports/widget?widget={widget.key}" in admin_client.get(here).text


def test_a_large_flow_fits_into_its_form(admin_client: TestClient, here: str, config: Read) -> None:
    form = {"active": "1", "title_en": "Large", "start": "0"}
    for number in range(40):
        at = f"s{number}"
        form |= {
            f"{at}_name": f"n{number}",
            f"{at}_was": f"n{number}",
            f"{at}_text_en": "x",
            f"{at}_text_ja": "",
        }
        form |= {
            f"{at}b0_label_en": "on",
            f"{at}b0_label_ja": "次",
            f"{at}b0_goes": f"to:n{(number + 1) % 40}",
        }
        for button in range(1, 8):
            b = f"{at}b{button}"
            form |= {f"{b}_label_en": "ask", f"{b}_label_ja": "", f"{b}_goes": "say", f"{b}_say_en": "?"}
    assert admin_client.post(f"{here}/flows/returns", data=form).status_code == 303
    assert len(config()["flows"][0]["steps"]) == 40
