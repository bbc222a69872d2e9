"""What keeps a brand's tags tidy: words that lead to a tag, and the tags that nobody needs."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from helpdesk.errors import Conflict, Invalid
from helpdesk.models import Agent, Brand, Correction, Tag, TagAlias, Ticket, TicketTag
from helpdesk.store.db import Database, Unit
from helpdesk.tickets import tag, tag_list


def made(unit: Unit, brand: Brand, name: str, **labels: str) -> Tag:
    return tag_list.create(unit, brand.pk, name=name, labels=labels, colour="")


@pytest.mark.parametrize("typed", ["RMA", "rma", "ＲＭＡ", " 返品受付 ", "\uff8d\uff9d\uff8b\uff9f\uff9d"])
def test_a_tag_is_found_by_every_word_for_it_in_any_language(
    database: Database, brand: Brand, typed: str
) -> None:
    with database.write() as unit:
        back = made(unit, brand, "back", ja="返品", en="Sent back")
        for word in ("RMA", "返品受付", "ヘンピン"):
            tag_list.add_alias(unit, back, word)
        assert tag.find_by_word(unit, brand.pk, typed) is back
        assert tag_list.list_aliases(unit, back) == sorted(["RMA", "返品受付", "ヘンピン"])


def test_a_word_leads_to_one_tag_alone(database: Database, brand: Brand, other_brand: Brand) -> None:
    with database.write() as unit:
        one, other = made(unit, brand, "one", ja="一"), made(unit, brand, "other", ja="他")
        tag_list.add_alias(unit, one, "word")
        tag_list.add_alias(unit, one, "Word")  # it does already
        for word in ("word", "WORD", "One", "一", "", "x" * 61):
            with pytest.raises(Invalid):
                tag_list.add_alias(unit, other, word)
        assert tag_list.list_aliases(unit, one) == ["word"]
        assert tag.find_by_word(unit, other_brand.pk, "word") is None


def test_what_was_learned_under_a_name_is_not_forgotten_with_a_word(
    database: Database, brand: Brand, ticket: Ticket, agent: Agent
) -> None:
    with database.write() as unit:
        one, other = made(unit, brand, "one"), made(unit, brand, "other")
        unit.session.add(
            Correction(
                brand_id=brand.pk,
                ticket_id=ticket.pk,
                agent_id=agent.pk,
                kind="tag_added",
                value="one",
                created_at=unit.now,
            )
        )
        tag_list.merge(unit, one, other)
        tag_list.add_alias(unit, other, "word")
        with pytest.raises(Conflict):
            tag_list.remove_alias(unit, other, "one")
        tag_list.remove_alias(unit, other, "word")
        assert tag_list.list_aliases(unit, other) == ["one"]


def test_a_deleted_tag_takes_its_words_along(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        one = made(unit, brand, "one")
        tag_list.add_alias(unit, one, "word")
        tag_list.delete(unit, one)
        assert unit.session.exec(select(TagAlias)).all() == []
        assert tag.find_by_word(unit, brand.pk, "word") is None


def test_only_own_tags_that_no_ticket_got_for_long_are_unused(
    database: Database, brand: Brand, ticket: Ticket, clock: Any
) -> None:
    with database.write() as unit:
        tag.ensure_tags(unit, brand)
        for name in ("never", "once", "still"):
            made(unit, brand, name)
        tag.add(unit, unit.session.get_one(Ticket, ticket.pk), "once", by=None)
    clock.advance(days=91)
    with database.write() as unit:
        made(unit, brand, "new")
        tag.add(unit, unit.session.get_one(Ticket, ticket.pk), "still", by=None)
        found = tag_list.list_unused(unit, brand.pk)
        assert [(one.tag.name, one.used, one.last_at is None) for one in found] == [
            ("never", 0, True),
            ("once", 1, False),
        ]
        assert unit.session.exec(select(TicketTag)).all()
