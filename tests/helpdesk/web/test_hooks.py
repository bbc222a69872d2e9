from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from helpdesk import mailboxes
from helpdesk.models import Brand, ChannelAccount, InboundEvent
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal

MAIL = b"From: a@example.com\r\nSubject: hello\r\n\r\nhi\r\n"


@pytest.fixture
def account(database: Database, brand: Brand, seal: Seal) -> ChannelAccount:
    with database.write() as unit:
        return mailboxes.add(unit, seal, brand_id=brand.pk, address="support@aoba.example")


@pytest.fixture
def token(account: ChannelAccount, seal: Seal) -> str:
    return str(seal.open(account.secrets)[mailboxes.HOOK_TOKEN])


def count(database: Database) -> int:
    with database.read() as unit:
        return unit.session.scalar(select(func.count()).select_from(InboundEvent)) or 0


def test_a_mail_is_stored_byte_for_byte_before_the_answer(
    browser: Callable[..., TestClient], account: ChannelAccount, token: str, database: Database
) -> None:
    answer = browser().post(
        f"/hooks/mime/{account.key}", content=MAIL, headers={"authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 202
    with database.read() as unit:
        event = unit.session.scalars(select(InboundEvent)).one()
    assert (event.raw, event.key, event.state) == (MAIL, answer.json()["id"], "queued")


def test_the_token_may_come_as_the_password_of_basic_sign_in(
    browser: Callable[..., TestClient], account: ChannelAccount, token: str
) -> None:
    basic = base64.b64encode(f"provider:{token}".encode()).decode()
    answer = browser().post(
        f"/hooks/mime/{account.key}", content=MAIL, headers={"authorization": f"Basic {basic}"}
    )
    assert answer.status_code == 202


def test_the_same_mail_again_changes_nothing(
    browser: Callable[..., TestClient], account: ChannelAccount, token: str, database: Database
) -> None:
    for _ in range(2):
        answer = browser().post(
            f"/hooks/mime/{account.key}", content=MAIL, headers={"authorization": f"Bearer {token}"}
        )
    assert (answer.status_code, answer.json()) == (200, {"duplicate": True})
    assert count(database) == 1


@pytest.mark.parametrize("header", ["", "Bearer wrong", "Bearer ", "Basic !!!", "Basic d3Jvbmc="])
def test_without_the_token_nothing_is_stored(
    browser: Callable[..., TestClient], account: ChannelAccount, database: Database, header: str
) -> None:
    headers = {"authorization": header} if header else {}
    answer = browser().post(f"/hooks/mime/{account.key}", content=MAIL, headers=headers)
    assert answer.status_code == 401
    assert count(database) == 0


def test_an_unknown_mailbox_is_not_found(browser: Callable[..., TestClient]) -> None:
    assert browser().post("/hooks/mime/unknown", content=MAIL).status_code == 404


def test_a_mail_above_the_limit_is_refused(
    browser: Callable[..., TestClient], account: ChannelAccount, token: str, database: Database
) -> None:
    headers = {"authorization": f"Bearer {token}"}
    answer = browser().post(f"/hooks/mime/{account.key}", content=b"x" * 50_000_001, headers=headers)
    assert answer.status_code == 413
    assert count(database) == 0


def test_a_mail_larger_than_a_page_may_be_is_taken(
    browser: Callable[..., TestClient], account: ChannelAccount, token: str
) -> None:
    headers = {"authorization": f"Bearer {token}"}
    answer = browser().post(f"/hooks/mime/{account.key}", content=MAIL + b"x" * 30_000_000, headers=headers)
    assert answer.status_code == 202


def test_a_renewed_token_ends_the_old_one(
    browser: Callable[..., TestClient], account: ChannelAccount, token: str, database: Database, seal: Seal
) -> None:
    with database.write() as unit:
        fresh = mailboxes.renew_hook_token(unit, seal, unit.session.get_one(ChannelAccount, account.pk))
    for word, status in ((token, 401), (fresh, 202)):
        headers = {"authorization": f"Bearer {word}"}
        assert (
            browser().post(f"/hooks/mime/{account.key}", content=MAIL, headers=headers).status_code == status
        )
