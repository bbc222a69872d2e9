"""/hooks/{vendor}/{key}: what providers sign is kept; what they did not sign leaves no trace."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from helpdesk.app import build, make_parts
from helpdesk.intake.pipeline import Intake
from helpdesk.models import ChannelAccount, InboundEvent, Message
from helpdesk.simulate.vendors import VENDORS, Deed
from helpdesk.store.db import Database, utc_now
from helpdesk.store.seal import Seal
from tests.helpdesk.stories import only, rows
from tests.helpdesk.web.signed_calls import (
    BODIES,
    SAMPLES,
    SECRET,
    SECRETS,
    Connect,
    line_text,
    needs_samples,
    post,
    sign,
)


@pytest.mark.parametrize("kind", BODIES)
def test_what_its_provider_signed_is_kept(
    database: Database, client: TestClient, connect: Connect, intake: Intake, kind: str
) -> None:
    answer = post(client, connect(kind), BODIES[kind])
    assert answer.status_code == 200
    assert only(database, InboundEvent).state == "queued"
    intake.drain()
    assert only(database, Message).text in ("x", "届きません")


@pytest.mark.parametrize("kind", BODIES)
def test_what_was_changed_on_the_way_or_signed_by_somebody_else_leaves_nothing(
    database: Database, client: TestClient, connect: Connect, kind: str
) -> None:
    account, raw = connect(kind), BODIES[kind]
    path = f"/hooks/{kind}/{account.key}"
    genuine = sign(kind, raw, f"http://testserver{path}")
    forged = sign(kind, raw, f"http://testserver{path}", secret="another")
    changed = [raw[:-1] + b"!", raw + b" ", b"", b"\xff\xfe", b"x=" * 600]
    answers = [post(client, account, raw, headers=forged)]
    answers += [client.post(path, content=raw)]
    if kind != "telegram":  # whose secret does not depend on the body
        answers += [post(client, account, one, headers=genuine) for one in changed]
    assert [one.status_code for one in answers] == [401] * len(answers)
    assert rows(database, InboundEvent) == []
    with database.read() as unit:
        assert unit.session.get_one(ChannelAccount, account.pk).last_seen_at is None


@needs_samples
@pytest.mark.parametrize("tamper", [False, True])
def test_signatures_of_the_vendors_own_examples(
    database: Database, client: TestClient, connect: Connect, tamper: bool
) -> None:
    """The bodies of the examples are no events: genuine ones are set aside, others refused."""
    kinds = {
        "X-Line-Signature": "line",
        "X-Hub-Signature-256": "whatsapp",
        "x-twitter-webhooks-signature": "x",
    }
    vectors = json.loads((SAMPLES / "signature_vectors.json").read_text())
    tried = [(kinds[one["header"]], one) for one in vectors if one.get("header") in kinds]
    assert {kind for kind, _ in tried} == {"line", "whatsapp", "x"}
    kept = 0
    for kind, one in tried:
        account = connect(kind, f"A{kept}", secret=one["secret"])
        raw = one["body"].encode() + (b" " if tamper else b"")
        answer = post(client, account, raw, headers={one["header"]: one["value"]})
        assert answer.status_code == (401 if tamper else 200)
        kept += 1
    assert len(rows(database, InboundEvent)) == (0 if tamper else kept)


def test_the_simulator_signs_as_the_helpdesk_reads(
    database: Database, client: TestClient, connect: Connect
) -> None:
    for kind in ("line", "messenger", "instagram", "whatsapp", "telegram"):
        account = connect(kind)
        made = VENDORS[kind](
            Deed("text", "7001", utc_now(), "1001", "x"), dict.fromkeys(SECRETS, SECRET), "A"
        )
        assert post(client, account, made.body, headers=dict(made.headers)).status_code == 200
    assert {one.state for one in rows(database, InboundEvent)} == {"queued"}


@needs_samples
def test_the_question_of_x_is_answered_as_in_its_example(client: TestClient, connect: Connect) -> None:
    vectors = json.loads((SAMPLES / "signature_vectors.json").read_text())
    (one,) = (one for one in vectors if one["vendor"] == "x CRC")
    account = connect("x", secret=one["secret"])
    assert client.get(f"/hooks/x/{account.key}?{one['query']}").json() == one["response"]


@pytest.mark.parametrize("question", ['{"data":{}}', "a b", "ü", "", "x" * 500, '"'])
def test_nobody_gets_a_body_of_their_own_signed(client: TestClient, connect: Connect, question: str) -> None:
    account = connect("x")
    assert client.get(f"/hooks/x/{account.key}", params={"crc_token": question}).status_code == 403


def test_a_wrong_signature_is_told_by_every_process_until_a_right_one_comes(
    database: Database,
    client: TestClient,
    admin_client: TestClient,
    connect: Connect,
    clock: Any,
    app: Any,
    settings: Any,
) -> None:
    account = connect("line")
    assert post(client, account, line_text(1), secret="wrong").status_code == 401
    parts = make_parts(settings, clock=clock, database=database)
    other = TestClient(build(settings, work=False, parts=parts), follow_redirects=False)
    other.cookies.update(admin_client.cookies)
    page = f"/settings/channels/{account.key}"
    for one in (admin_client, other):
        assert "A call that proved nothing was refused" in one.get(page).text
    clock.advance(minutes=1)
    assert post(client, account, line_text(2)).status_code == 200
    for one in (admin_client, other):
        assert "A call that proved nothing" not in one.get(page).text


def test_a_new_secret_counts_at_once_and_an_ended_one_no_more(
    database: Database, client: TestClient, connect: Connect, seal: Seal, clock: Any
) -> None:
    account = connect("line")
    assert post(client, account, line_text(1)).status_code == 200  # the account is in memory now
    until = (clock.now + timedelta(hours=1)).isoformat()
    with database.write() as unit:
        unit.session.get_one(ChannelAccount, account.pk).secrets = seal.close(
            {
                "channel_secret": "new",
                "old_channel_secret": SECRET,
                "old_channel_secret_until": until,
            }
        )
    assert post(client, account, line_text(2), secret="new").status_code == 200
    assert post(client, account, line_text(3)).status_code == 200
    clock.advance(hours=2)
    assert post(client, account, line_text(4)).status_code == 401
    assert post(client, account, line_text(5), secret="new").status_code == 200
    assert len(rows(database, InboundEvent)) == 4
