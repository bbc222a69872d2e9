"""What a provider says of an account beside its health: how much may be pushed, and which templates there are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from helpdesk.models import ChannelAccount, MessageTemplate, Ticket
from helpdesk.simulate.provider import Provider
from helpdesk.social import quota, templates
from helpdesk.store.db import Database
from helpdesk.work.care import Caretaker
from tests.helpdesk.stories import rows
from tests.helpdesk.work.caring import Connect, codes, duty, run, state


def test_the_quota_follows_what_was_pushed(
    database: Database, care: Caretaker, line: ChannelAccount, provider: Provider, clock: Any
) -> None:
    provider.quota = 3
    run(care)
    for number in range(3):
        provider._keep("line", "U1", {"text": str(number)})
    provider._keep("line", "", {"text": "a reply is free"})
    with database.write() as unit:
        quota.spent(unit, unit.session.get_one(ChannelAccount, line.pk))
    assert run(care) == 0  # the provider counts with a delay
    clock.advance(seconds=20)
    assert run(care) == 1
    with database.read() as unit:
        known = quota.find_known(unit, unit.session.get_one(ChannelAccount, line.pk))
    assert known
    assert (known.used, known.left, known.old) == (3, 0, False)
    assert "quota" in codes(state(database, line))


def test_the_quota_is_read_anew_when_somebody_may_be_about_to_push(
    database: Database, care: Caretaker, line: ChannelAccount, provider: Provider, clock: Any, ticket: Ticket
) -> None:
    provider.quota = 3
    run(care)

    def opened() -> int:
        with database.write() as unit:
            row = unit.session.get_one(Ticket, ticket.pk)
            row.channel, row.account_id = "line", line.pk
            quota.soon_needed(unit, row)
        return run(care)

    clock.advance(minutes=4)
    assert opened() == 0
    clock.advance(minutes=2)
    assert opened() == 1
    assert duty(database, line, "quota").done_at == clock.now


def test_a_quota_of_last_month_is_an_old_one(
    database: Database, care: Caretaker, line: ChannelAccount, provider: Provider, clock: Any
) -> None:
    provider.quota = 3
    clock.now = datetime.fromisoformat("2026-01-31T14:59:00+00:00")  # a minute before midnight in Japan
    run(care)
    clock.advance(minutes=2)
    found = state(database, line).quota
    assert found
    assert found.old


def test_templates_are_those_of_the_provider_and_keep_their_keys(
    database: Database, care: Caretaker, connect: Connect, provider: Provider, clock: Any
) -> None:
    account = connect("whatsapp", config={"waba_id": "88"}, access_token="T", app_secret="s")
    many = [
        {"name": f"n{number}", "language": "en", "status": "APPROVED", "components": []}
        for number in range(150)
    ]
    provider.about.templates += many
    run(care)
    with database.read() as unit:
        listed = templates.list_templates(unit, account)
        every = templates.list_templates(unit, account, approved=False)
    assert (len(listed), len(every)) == (154, 155)
    first = next(one for one in listed if (one.name, one.language) == ("parcel_on_its_way", "ja"))
    assert [one["name"] for one in first.parameters] == ["1", "2", "3"]
    assert first.parameters[1]["example"] == "1001"
    assert "山田花子様、ご注文1001を" in templates.preview(first)
    assert "佐藤様、ご注文77を発送しました。お届け予定は今日です。" in templates.fill(
        first, ["佐藤", "77", "今日"]
    )
    provider.about.templates = [{**provider.about.templates[0], "status": "PAUSED"}]
    clock.advance(hours=1)
    run(care)
    (left,) = rows(database, MessageTemplate)
    assert (left.key, left.state) == (first.key, "paused")


def test_named_places_go_out_with_their_names(database: Database, care: Caretaker, connect: Connect) -> None:
    account = connect("whatsapp", config={"waba_id": "88"}, access_token="T")
    run(care)
    with database.read() as unit:
        (named,) = (one for one in templates.list_templates(unit, account) if one.name == "may_we_write")
        (pictured,) = (one for one in templates.list_templates(unit, account) if one.name == "follow_parcel")
        assert templates.get_template(unit, account, named.key) == named
    assert templates.outgoing(named, ["佐藤"])["parameters"] == [{"name": "name", "text": "佐藤"}]
    assert templates.is_simple(named)
    assert not templates.is_simple(pictured)
