"""When a chat is open, who takes it and what it asks first: kept as the chat reads it, or told what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from helpdesk.models import Brand, Team
from helpdesk.store.db import Database

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
