from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.errors import Invalid
from helpdesk.models import Agent, Attachment, Brand, Delivery, MacroUse, Message, Ticket
from helpdesk.store.db import Database, Unit
from helpdesk.store.files import Files
from helpdesk.tickets import close as closing
from helpdesk.tickets import note, reply
from helpdesk.tickets.upload import Upload
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import only, rows


def test_a_reply_is_queued_in_the_same_transaction_and_threads(
    database: Database, ticket: Ticket, agent: Agent, files: Files
) -> None:
    message = send(database, ticket, agent, files, "明日お届けします。")
    delivery = only(database, Delivery)
    assert (delivery.state, delivery.message_id, delivery.external_id) == (
        "queued",
        message.pk,
        message.external_id,
    )
    assert (message.in_reply_to, message.references) == ("first@example.jp", ["first@example.jp"])
    assert message.to == [{"name": "山田 花子", "address": "hanako@example.jp"}]
    assert message.subject == "Re: お問い合わせ"
    answered = only(database, Ticket)
    assert (answered.status, answered.waiting_since, answered.assignee_id) == ("pending", None, agent.pk)
    assert answered.first_response_at is not None


def test_nothing_is_sent_when_the_transaction_fails(
    database: Database, ticket: Ticket, agent: Agent, files: Files
) -> None:
    with pytest.raises(RuntimeError), database.write() as unit:
        _send(unit, ticket, agent, files, "消えるはず")
        raise RuntimeError
    assert rows(database, Delivery) == []
    assert only(database, Ticket).status == "open"


@pytest.mark.parametrize("body", ["", "  \n", "〔order.number〕の件", "Dear {{ customer.name }}"])
def test_an_empty_or_unfinished_text_is_refused(
    database: Database, ticket: Ticket, agent: Agent, files: Files, body: str
) -> None:
    with pytest.raises(Invalid) as refused:
        send(database, ticket, agent, files, body)
    assert refused.value.field == "body"
    assert rows(database, Delivery) == []


def test_the_brands_signature_follows_in_the_customers_language(
    database: Database, ticket: Ticket, agent: Agent, files: Files
) -> None:
    with database.write() as unit:
        unit.session.get_one(Brand, ticket.brand_id).signatures = {"ja": "青葉商店 {agent}", "en": "Aoba"}
    message = send(database, ticket, agent, files, "承知しました。")
    assert message.text == "承知しました。\n\n-- \n青葉商店 Misaki Takahashi"
    assert message.reply == "承知しました。"


def test_a_macro_is_recorded_with_its_version(
    database: Database, ticket: Ticket, agent: Agent, files: Files
) -> None:
    message = send(database, ticket, agent, files, "はい", macro=("order_in_transit", "abc123"))
    use = only(database, MacroUse)
    assert (use.key, use.version, use.message_id) == ("order_in_transit", "abc123", message.pk)
    assert (message.macro_key, message.macro_version) == ("order_in_transit", "abc123")


def test_files_go_along_and_closing_can_too(
    database: Database, ticket: Ticket, agent: Agent, files: Files
) -> None:
    upload = Upload("領収書.pdf", "application/pdf", b"%PDF")
    send(database, ticket, agent, files, "添付します", attachments=[upload], close=True)
    attachment = only(database, Attachment)
    assert (attachment.name, files.get(attachment.sha256)) == ("領収書.pdf", b"%PDF")
    assert only(database, Ticket).status == "closed"


def test_a_held_reply_is_due_later(database: Database, ticket: Ticket, agent: Agent, files: Files) -> None:
    message = send(database, ticket, agent, files, "十秒待つ", hold=timedelta(seconds=10))
    assert only(database, Delivery).next_at == message.sent_at + timedelta(seconds=10)


def test_references_keep_the_first_and_the_last_twenty(
    database: Database, ticket: Ticket, agent: Agent, files: Files, deliver: Deliver
) -> None:
    chain = " ".join(f"<{n}@x.example>" for n in range(60))
    deliver("長い", references=f"<first@example.jp> {chain}", message_id="<long@example.jp>", date="")
    message = send(database, ticket, agent, files, "はい")
    assert len(message.references) == 21
    assert (message.references[0], message.references[-1]) == ("first@example.jp", "long@example.jp")


def test_a_note_reaches_nobody_outside(
    database: Database, ticket: Ticket, agent: Agent, files: Files
) -> None:
    with database.write() as unit:
        note.add(unit, unit.session.get_one(Ticket, ticket.pk), by=agent, body="倉庫に確認中", files=files)
    assert rows(database, Delivery) == []
    assert [one.direction for one in rows(database, Message)] == ["in", "note"]
    assert only(database, Ticket).status == "open"


def test_spam_can_come_back(database: Database, ticket: Ticket, agent: Agent) -> None:
    with database.write() as unit:
        row = unit.session.get_one(Ticket, ticket.pk)
        closing.mark_spam(unit, row, by=agent)
        assert (row.status, row.waiting_since) == ("spam", None)
        closing.reopen(unit, row, by=agent)
    assert only(database, Ticket).status == "open"


def send(
    database: Database, ticket: Ticket, agent: Agent, files: Files, body: str, **given: object
) -> Message:
    with database.write() as unit:
        return _send(unit, ticket, agent, files, body, **given)


def _send(unit: Unit, ticket: Ticket, agent: Agent, files: Files, body: str, **given: object) -> Message:
    return reply.send(
        unit, unit.session.get_one(Ticket, ticket.pk), by=agent, body=body, files=files, **given
    )  # type: ignore[arg-type]


def test_the_same_form_sent_twice_is_one_answer(
    database: Database, ticket: Ticket, agent: Agent, files: Files
) -> None:
    first = send(database, ticket, agent, files, "一度だけ", token="abc")
    assert send(database, ticket, agent, files, "一度だけ", token="abc").pk == first.pk
    assert len(rows(database, Delivery)) == 1
    send(database, ticket, agent, files, "二度目", token="def")
    assert len(rows(database, Delivery)) == 2


def test_an_answer_goes_to_the_customer_not_to_whoever_joined(
    database: Database, ticket: Ticket, agent: Agent, files: Files, deliver: Deliver
) -> None:
    deliver(
        "私です",
        sender="Eve <eve@evil.example>",
        in_reply_to="<first@example.jp>",
        message_id="<e@evil>",
        date="",
    )
    assert only(database, Ticket).messages_count == 2
    assert send(database, ticket, agent, files, "ご住所は…").to[0]["address"] == "hanako@example.jp"


def test_an_answer_goes_where_the_customer_asked_for_it(
    database: Database, ticket: Ticket, agent: Agent, files: Files, deliver: Deliver
) -> None:
    deliver(
        "家のアドレスへ",
        reply_to="hanako@home.example",
        in_reply_to="<first@example.jp>",
        message_id="<h@x>",
        date="",
    )
    assert send(database, ticket, agent, files, "はい").to[0]["address"] == "hanako@home.example"


def test_an_answer_after_a_bounce_does_not_go_to_the_mail_system(
    database: Database, ticket: Ticket, agent: Agent, files: Files, deliver: Deliver
) -> None:
    deliver(
        "Undelivered",
        sender="MAILER-DAEMON@mx.example",
        subject="Undelivered Mail Returned to Sender",
        auto_submitted="auto-replied",
        in_reply_to="<first@example.jp>",
        message_id="<b@mx.example>",
        date="",
    )
    message = send(database, ticket, agent, files, "別の方法でご連絡します")
    assert (message.to[0]["address"], message.subject) == ("hanako@example.jp", "Re: お問い合わせ")
