"""What a visitor is asked before a chat, as rows of a form: p0_kind, p0_label_ja, … in their order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpdesk.channels.chat.wording import in_all
from helpdesk.i18n import LANGUAGES, lazy
from helpdesk.i18n import gettext as _
from helpdesk.web import forms
from helpdesk.web.agent.settings.widgets.rows import numbers

KINDS = {
    "name": lazy("Their name"),
    "email": lazy("E-mail address"),
    "tel": lazy("Telephone number"),
    "text": lazy("One line"),
    "textarea": lazy("Several lines"),
    "select": lazy("One of a list"),
}
MOST = 8
MOST_OPTIONS = 30


def read(form: forms.Form, *, without: int | None = None) -> list[dict[str, Any]]:
    """Rows without any words are left out, and the row that is to go."""
    rows = {number: _read(form, f"p{number}_") for number in numbers(form, "p", "kind", MOST)}
    return [field for number, field in rows.items() if field is not None and number != without]


def _read(form: forms.Form, at: str) -> dict[str, Any] | None:
    kind = form.choice(f"{at}kind", KINDS, "text")
    labels = {language: form.text(f"{at}label_{language}", most=80) for language in LANGUAGES}
    labels = {language: words for language, words in labels.items() if words}
    if not labels:
        return None
    name = kind if kind in ("name", "email") else form.value(f"{at}name")
    if not name.replace("_", "").isalnum() or not name.isascii() or len(name) > 40:
        name = at.rstrip("_")
    field: dict[str, Any] = {
        "name": name,
        "type": "text" if kind == "name" else kind,
        "required": form.flag(f"{at}required"),
        "labels": labels,
    }
    return field | ({"options": _options(form, at)} if kind == "select" else {})


def _options(form: forms.Form, at: str) -> dict[str, list[str]]:
    given = {
        language: [
            one.strip()[:80] for one in form.value(f"{at}options_{language}").splitlines() if one.strip()
        ]
        for language in LANGUAGES
    }
    if not any(given.values()):
        form.errors[f"{at}options_{LANGUAGES[0]}"] = _("Write one choice a line.")
    return {language: choices[:MOST_OPTIONS] for language, choices in given.items() if choices}


def arranged(form: forms.Form, do: str) -> list[dict[str, Any]]:
    """With a field more, or without one: `add_field`, `drop_field:2`."""
    what, _colon, number = do.partition(":")
    if what == "drop_field" and number.isdigit():
        return read(form, without=int(number))
    fields = read(form)
    blank = {"name": f"field_{len(fields) + 1}", "type": "text", "labels": {}}
    return [*fields, blank] if what == "add_field" and len(fields) < MOST else fields


def shown(field: Mapping[str, Any]) -> dict[str, Any]:
    """As the rows of the form have it."""
    options = field.get("options") or {}
    plain = options if isinstance(options, Mapping) else dict.fromkeys(LANGUAGES, options)
    kind = str(field.get("type") or "text")
    return {
        "kind": "name" if field.get("name") == "name" and kind == "text" else kind,
        "name": field.get("name") or "",
        "labels": in_all(field.get("labels") or field.get("label"), LANGUAGES),
        "required": bool(field.get("required")),
        "options": {language: "\n".join(map(str, plain.get(language) or ())) for language in LANGUAGES},
    }
