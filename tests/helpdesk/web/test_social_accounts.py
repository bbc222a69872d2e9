"""/hooks/{vendor}/{key}: what one address of an app is told goes to the account it is for, and to no other."""

from __future__ import annotations

from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.intake.pipeline import Intake
from helpdesk.models import Brand, ChannelAccount, InboundEvent, Message
from helpdesk.store.db import Database
from tests.helpdesk.stories import only, rows
from tests.helpdesk.web.signed_calls import Connect, meta_call, post


def test_one_address_of_an_app_serves_all_its_pages_and_each_gets_its_own(
    database: Database, client: TestClient, connect: Connect, other_brand: Brand
) -> None:
    first, second = connect("messenger", "1"), connect("messenger", "2", brand_id=other_brand.pk)
    gram = connect("instagram", "3")
    for raw in (meta_call("1", mid="a"), meta_call("2", mid="b"), meta_call("3", "instagram", mid="c")):
        assert post(client, first, raw).status_code == 200
    kept = {(one.account_id, one.brand_id, one.state) for one in rows(database, InboundEvent)}
    assert kept == {
        (first.pk, first.brand_id, "queued"),
        (second.pk, other_brand.pk, "queued"),
        (gram.pk, gram.brand_id, "queued"),
    }


def test_nothing_reaches_an_account_whose_provider_did_not_sign_it(
    database: Database, client: TestClient, connect: Connect, other_brand: Brand
) -> None:
    """The owner of one account may know the name of another's page."""
    mine, theirs = connect("messenger", "1"), connect("messenger", "2", "their own", brand_id=other_brand.pk)
    assert post(client, mine, meta_call("2")).status_code == 200
    kept = only(database, InboundEvent)
    assert (kept.account_id, kept.state) == (mine.pk, "quarantined")
    assert "not connected" in str(kept.reason)
    assert theirs.pk != kept.account_id


def test_what_was_told_before_an_account_was_connected_goes_to_it_on_the_next_try(
    database: Database, client: TestClient, admin_client: TestClient, connect: Connect, intake: Intake
) -> None:
    """Another app's account of the same name gets nothing, and what it was told itself meanwhile comes once."""
    mine = connect("messenger", "1")
    for mid in ("m1", "m2"):
        assert post(client, mine, meta_call("2", mid=mid)).status_code == 200
    connect("messenger", "2", "their own")
    first, second = rows(database, InboundEvent)
    retry = f"/settings/channels/{mine.key}/events/{first.key}/retry"
    refused = admin_client.post(retry)
    assert refused.status_code == 409 and "Messenger 2" in refused.text
    with database.write() as unit:
        unit.session.exec(select(ChannelAccount).where(ChannelAccount.address == "2")).one().address = "3"
    home = connect("messenger", "2")
    assert admin_client.post(retry).status_code == 303
    post(client, home, meta_call("2", mid="m2"))
    assert admin_client.post(f"/settings/channels/{mine.key}/events/retry").status_code == 303
    while intake.drain():
        pass
    assert [(one.text, one.account_id) for one in rows(database, Message)] == [
        ("m1", home.pk),
        ("m2", home.pk),
    ]
    states = {one.pk: (one.account_id, one.state) for one in rows(database, InboundEvent)}
    assert states[first.pk] == (home.pk, "done")
    assert states[second.pk] == (mine.pk, "duplicate")


def test_the_test_button_of_meta_is_for_whoever_is_called(
    database: Database, client: TestClient, connect: Connect
) -> None:
    post(client, connect("messenger", "1"), meta_call("0"))
    assert only(database, InboundEvent).state == "queued"
