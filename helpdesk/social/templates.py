"""Texts that a provider approves before they may be sent, as it last listed them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select

from helpdesk.channels.care import TEMPLATES, Template
from helpdesk.errors import Invalid, NotFound
from helpdesk.i18n import lazy
from helpdesk.models import ChannelAccount, MessageTemplate
from helpdesk.social import duties
from helpdesk.store.db import Unit

APPROVED = "approved"
PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def list_templates(unit: Unit, account: ChannelAccount, *, approved: bool = True) -> list[MessageTemplate]:
    """By name and language; without `approved` also those that may not be sent (yet).

    Each has `key`, `name`, `language`, `body`, `parameters` ([{"name", "example"}] in order), `state`.
    """
    wanted = select(MessageTemplate).where(MessageTemplate.account_id == account.pk)
    if approved:
        wanted = wanted.where(MessageTemplate.state == APPROVED)
    return list(unit.session.exec(wanted.order_by(col(MessageTemplate.name), col(MessageTemplate.language))))


def get_template(unit: Unit, account: ChannelAccount, key: str) -> MessageTemplate:
    """Raises NotFound also for one of another account."""
    wanted = select(MessageTemplate).where(
        MessageTemplate.account_id == account.pk, MessageTemplate.key == key
    )
    found = unit.session.exec(wanted).first()
    if found is None:
        raise NotFound(lazy("there is no such template; read them anew from the provider"))
    return found


def is_simple(template: MessageTemplate) -> bool:
    """Whether words alone fill it: no picture above it, no button that needs an address of its own."""
    open_button = any(PLACE.search(str(one.get("url") or "")) for one in template.buttons)
    return template.header_format in ("", "text") and not template.header_parameters and not open_button


def fill(template: MessageTemplate, values: Sequence[str]) -> str:
    """The words as the customer gets them. Raises Invalid when a place stays empty, or the template is not simple."""
    if not is_simple(template):
        raise Invalid(
            lazy("this template needs a picture or a link of its own; send it from the provider's console"),
            field="template",
        )
    names = [str(one["name"]) for one in template.parameters]
    given = dict(zip(names, (one.strip() for one in values), strict=False))
    for name in names:
        if not given.get(name):
            raise Invalid(
                lazy("the template's place %(name)s is empty; fill it"), field="parameters", name=name
            )
    return "\n\n".join(filter(None, (template.header, _filled(template.body, given), template.footer)))


def preview(template: MessageTemplate, values: Sequence[str] = ()) -> str:
    """The same, empty places with their examples."""
    names = [str(one["name"]) for one in template.parameters]
    given = {str(one["name"]): str(one.get("example") or "…") for one in template.parameters}
    given |= {name: value for name, value in zip(names, values, strict=False) if value.strip()}
    return "\n\n".join(filter(None, (template.header, _filled(template.body, given), template.footer)))


def outgoing(template: MessageTemplate, values: Sequence[str]) -> dict[str, Any]:
    """For `Outgoing.template`. Named places go with their names."""
    names = [str(one["name"]) for one in template.parameters]
    filled = list(zip(names, (one.strip() for one in values), strict=False))
    return {
        "name": template.name,
        "language": template.language,
        "parameters": [
            value if name.isdecimal() else {"name": name, "text": value} for name, value in filled
        ],
    }


def keep(unit: Unit, account: ChannelAccount, listed: Sequence[Template]) -> int:
    """Make ours those that the provider listed; returns how many there are. Keys of those that stay, stay."""
    rows = unit.session.exec(select(MessageTemplate).where(MessageTemplate.account_id == account.pk))
    there = {(row.name, row.language): row for row in rows}
    for one in {(one.name, one.language): one for one in listed}.values():
        row = there.pop((one.name, one.language), None)
        if row is None:
            row = MessageTemplate(
                brand_id=account.brand_id,
                account_id=account.pk,
                name=one.name,
                language=one.language,
                seen_at=unit.now,
            )
            unit.session.add(row)
        for name, value in asdict(one).items():
            setattr(row, name, [dict(part) for part in value] if isinstance(value, tuple | list) else value)
        row.seen_at = unit.now
    if there:
        gone = [row.pk for row in there.values()]
        unit.session.execute(delete(MessageTemplate).where(col(MessageTemplate.id).in_(gone)))
    unit.session.flush()
    return len(listed)


def sync_soon(unit: Unit, account: ChannelAccount) -> None:
    """Somebody wants to see the newest."""
    duties.hasten(unit, account.pk, TEMPLATES, unit.now)
    unit.tell("care_due", account.brand_id, account=account.pk)


def _filled(text: str, given: Mapping[str, str]) -> str:
    return PLACE.sub(lambda place: given.get(place[1], place[0]), text)
