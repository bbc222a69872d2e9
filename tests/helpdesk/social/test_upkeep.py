from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.access import Access
from helpdesk.errors import Conflict, NotFound
from helpdesk.models import Brand, ChannelAccount, Contact, Customer
from helpdesk.social import accounts, upkeep
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal

GIVEN = {"channel_secret": "0" * 32}


@pytest.fixture
def connect(database: Database, brand: Brand, seal: Seal) -> Any:
    def make(kind: str = "line", address: str = "@aoba", **more: Any) -> ChannelAccount:
        with database.write() as unit:
            return upkeep.connect(
                unit, seal, brand_id=brand.pk, kind=kind, address=address, given=GIVEN, **more
            )

    return make


def again(database: Database, account: ChannelAccount) -> ChannelAccount:
    with database.read() as unit:
        return unit.session.get_one(ChannelAccount, account.pk)


def test_the_same_account_is_connected_to_a_brand_once(
    connect: Any, other_brand: Brand, database: Database, seal: Seal
) -> None:
    connect()
    with pytest.raises(Conflict):
        connect()
    with database.write() as unit:
        upkeep.connect(unit, seal, brand_id=other_brand.pk, kind="line", address="@aoba")


def test_a_word_to_agree_on_is_made_where_the_provider_wants_one(connect: Any, seal: Seal) -> None:
    assert len(seal.open(connect("messenger", "1234").secrets)["verify_token"]) >= 32
    assert "verify_token" not in seal.open(connect().secrets)


def test_a_removed_account_forgets_its_secrets_and_keeps_its_contacts(
    connect: Any, database: Database, brand: Brand, access: Access
) -> None:
    account = connect()
    with database.write() as unit:
        customer = Customer(brand_id=brand.pk, created_at=unit.now)
        unit.session.add(customer)
        unit.session.flush()
        unit.session.add(
            Contact(
                brand_id=brand.pk,
                account_id=account.pk,
                address="U1",
                customer_id=customer.pk,
                created_at=unit.now,
            )
        )
        upkeep.remove(unit, unit.session.get_one(ChannelAccount, account.pk))
    removed = again(database, account)
    assert (removed.secrets, removed.active) == ("", False)
    with database.read() as unit:
        assert accounts.find_by_key(unit, "line", account.key) is None
        assert upkeep.list_accounts(unit, access.brand_ids) == []
        with pytest.raises(NotFound):
            upkeep.get_account(unit, access, account.key)
    back = connect()
    assert back.pk == account.pk
    assert back.key != account.key
    assert (back.removed_at, back.active) == (None, True)


def test_what_other_parts_keep_in_the_settings_stays(connect: Any, database: Database, seal: Seal) -> None:
    account = connect(config={"channel_id": "2001234567", "api_base": "https://relay.example"})
    with database.write() as unit:
        row = unit.session.get_one(ChannelAccount, account.pk)
        row.config = {**row.config, "learned": "elsewhere"}
        new = upkeep.change(
            unit,
            seal,
            row,
            name="n",
            config={"channel_id": "2007654321", "api_base": ""},
            given={"channel_secret": ""},
        )
    assert new == []
    assert again(database, account).config == {"channel_id": "2007654321", "learned": "elsewhere"}


def test_a_new_word_has_to_be_confirmed_anew(connect: Any, database: Database, seal: Seal) -> None:
    account = connect("whatsapp", "1234")
    before = seal.open(account.secrets)["verify_token"]
    with database.write() as unit:
        accounts.verified(unit, account.pk)
    with database.write() as unit:
        upkeep.renew_word(unit, seal, unit.session.get_one(ChannelAccount, account.pk))
    row = again(database, account)
    assert row.verified_at is None
    assert seal.open(row.secrets)["verify_token"] != before


def test_the_first_call_is_when_it_was_connected(connect: Any, database: Database, clock: Any) -> None:
    account = connect()
    for _ in range(2):
        with database.write() as unit:
            accounts.heard(unit, account.pk)
        clock.advance(minutes=5)
    row = again(database, account)
    assert row.verified_at and row.last_seen_at
    assert row.last_seen_at - row.verified_at == timedelta(minutes=5)
