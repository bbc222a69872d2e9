from __future__ import annotations

import pytest
from sqlmodel import select

from helpdesk import i18n
from helpdesk.errors import Invalid
from helpdesk.models import Brand, Tag, Ticket
from helpdesk.store.db import Database
from helpdesk.tickets import starting_tags, tag
from macros import Catalog


def test_every_tag_that_a_built_in_macro_sets_has_a_label_in_both_languages() -> None:
    known = {start.name for start in starting_tags.TAGS}
    used = {
        action.value
        for macro in Catalog.load_builtin()
        for action in macro.actions
        if action.kind.endswith("_tag")
    }
    assert used and {str(name) for name in used} <= known


def test_a_brand_gets_each_tag_once_and_keeps_its_own_labels(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        tag.ensure_tags(unit, brand)
        refund = unit.session.exec(select(Tag).where(Tag.name == "refund")).one()
        refund.labels = {"ja": "返金のご相談"}
        tag.ensure_tags(unit, brand)
        names = list(unit.session.exec(select(Tag.name)))
        assert len(names) == len(set(names)) == len(starting_tags.TAGS)
        with i18n.using("ja"):
            assert tag.label(refund) == "返金のご相談"


def test_a_tag_is_added_and_removed_once(database: Database, ticket: Ticket) -> None:
    with database.write() as unit:
        row = unit.session.get_one(Ticket, ticket.pk)
        assert tag.add(unit, row, "ギフト", by=None) and not tag.add(unit, row, "ギフト", by=None)
        assert "ギフト" in [on.name for on in tag.list_tags(unit, [ticket.pk])[ticket.pk]]
        assert tag.remove(unit, row, "ギフト", by=None) and not tag.remove(unit, row, "ギフト", by=None)


@pytest.mark.parametrize("name", ["", " ", "x" * 60, "<b>", "a\nb"])
def test_a_name_that_is_none_is_refused(database: Database, ticket: Ticket, name: str) -> None:
    with database.write() as unit, pytest.raises(Invalid):
        tag.add(unit, unit.session.get_one(Ticket, ticket.pk), name, by=None)
