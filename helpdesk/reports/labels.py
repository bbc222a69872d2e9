"""What people call a channel, a language, a tag or a day; reports themselves go by stable names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from babel import Locale, UnknownLocaleError
from sqlalchemy import select
from sqlmodel import col

from helpdesk import i18n
from helpdesk.channels.names import NAMES
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy
from helpdesk.models import Tag
from helpdesk.store.db import Unit
from helpdesk.triage import about

NOTHING = {
    "tag": lazy("No tag"),
    "category": lazy("No product category"),
    "language": lazy("Unknown"),
    "channel": lazy("Unknown"),
}


def read_tags(unit: Unit, brand_ids: tuple[int, ...]) -> dict[str, str]:
    """The reader's word for every tag of the brands; the first brand's word where they differ."""
    found = select(col(Tag.name), col(Tag.labels)).where(col(Tag.brand_id).in_(brand_ids))
    words: dict[str, str] = {}
    for name, labels in unit.session.execute(found.order_by(col(Tag.id))):
        words.setdefault(name, labels.get(i18n.language()) or labels.get("en") or name)
    return words


def label(dimension: str, name: str, tags: Mapping[str, str]) -> str:
    if not name:
        return _(NOTHING.get(dimension, "Unknown"))
    if dimension == "day":
        return i18n.day(date.fromisoformat(name))
    if dimension == "tag":
        return tags.get(name, name)
    if dimension == "category":
        return tags.get(about.tag_of(name), name)
    if dimension == "channel":
        return _(NAMES.get(name, name))
    return _language(name) if dimension == "language" else name


def _language(code: str) -> str:
    try:
        return Locale.parse(code, sep="-").get_display_name(i18n.language()) or code
    except (UnknownLocaleError, ValueError):
        return code
