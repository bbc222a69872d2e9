"""Addresses as nobody types them: the answer is a page or a refusal, never a failure, and it comes soon."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from helpdesk.models import Brand
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_message, add_ticket

ADDRESSES = [
    "/?created_from=0001-01-01&created_to=9999-12-31",
    "/?updated_from=9999-12-31&updated_to=0001-01-01",
    "/?q=before:0001-01-01+after:9999-12-31",
    "/?q=after:9999d+before:9999-12",
    "/?q=" + "+".join(f"w{n}" for n in range(1500)),
    "/?q=" + "-%22a%22+" * 500,
    "/?q=" + "tag:a+" * 500,
    "/?q=%E8%8D%B7%E7%89%A9" + "%E3%81%AE" * 1000,
    "/?tag=" + ",".join(f"t{n}" for n in range(2000)),
    "/?waiting=9999d&orders=999999999&least=999999999",
    "/?sort=nothing&view=nothing&saved=nothing&columns=nothing",
    "/inbox/more?after=9999999999999999999999.1.1",
    "/inbox/rows?limit=99999999999",
    "/notifications?before=999999999999",
    "/palette?q=" + "%25_" * 100,
    "/customers?q=%25&after=zzz",
    "/settings/audit?before=99999999999999999999",
    "/reports?from=0001-01-01&to=9999-12-31",
]


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address[:40])
def test_nothing_in_an_address_breaks_a_page(
    database: Database, brand: Brand, lead_client: TestClient, address: str
) -> None:
    add_message(database, add_ticket(database, brand), "荷物の件")
    assert lead_client.get(address).status_code in (200, 303, 400, 404, 422)


@pytest.mark.parametrize(
    ("path", "field"), [("snooze", "until"), ("reply", "at"), ("fields/size", "value"), ("tags", "tag")]
)
@pytest.mark.parametrize(
    "value",
    ["0001-01-01T00:00", "9999-12-31T23:59", "2026-03-29T02:30+99:00", "2026-W01-1", "\u202e<b>", "9" * 400],
)
def test_nothing_in_a_form_breaks_an_action(
    database: Database, brand: Brand, client: TestClient, path: str, field: str, value: str
) -> None:
    ticket = add_ticket(database, brand)
    add_message(database, ticket, "荷物の件")
    answer = client.post(f"/tickets/{ticket.key}/{path}", data={field: value, "body": "はい", "token": "t"})
    assert answer.status_code in (303, 404, 422)
