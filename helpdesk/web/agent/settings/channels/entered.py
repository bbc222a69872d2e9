"""What a form says of an account: every field tidied and held against its shape."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from helpdesk.i18n import gettext as _
from helpdesk.social.setup.fields import ADDRESS, CONFIG, SECRET, Field, Setup
from helpdesk.web import forms

KEEP = {"0": timedelta(), "1": timedelta(hours=1), "24": timedelta(days=1), "168": timedelta(days=7)}
MOST = 4000
QUIET_DAYS = "quiet_days"


@dataclass(frozen=True, slots=True)
class Entered:
    name: str
    address: str
    config: dict[str, str | int]
    keep: timedelta
    secrets: dict[str, str] = field(repr=False)


def read(form: forms.Form, setup: Setup, *, stored: frozenset[str] | None = None) -> Entered:
    """`stored` names the secrets that an account has already; None for a new account. Complaints are in the form."""
    new = stored is None
    given = {one.name: _value(form, one, new=new, stored=stored or frozenset()) for one in setup.fields}
    flags = {one.name: form.flag(one.name) for one in setup.fields if one.flag}
    if setup.one_of and new and not any(given[name] for name in setup.one_of):
        form.errors.setdefault(setup.one_of[0], _("One of the two is needed: this, or the other provider's."))
    config: dict[str, str | int] = {**{one.name: given[one.name] for one in setup.of(CONFIG)}, **flags}
    config[QUIET_DAYS] = form.integer(QUIET_DAYS, most=365, default=7)
    return Entered(
        name=form.text("name", most=120, required=True),
        address="".join(given[one.name] for one in setup.of(ADDRESS)),
        config=config,
        keep=KEEP[form.choice("keep", KEEP, "24")],
        secrets={one.name: given[one.name] for one in setup.of(SECRET) if given[one.name]},
    )


def _value(form: forms.Form, asked: Field, *, new: bool, stored: frozenset[str]) -> str:
    if asked.flag or (asked.part == ADDRESS and not new):
        return ""
    if asked.options:
        return form.choice(asked.name, [value for value, _words in asked.options])
    typed = form.secret(asked.name) if asked.part == SECRET else form.value(asked.name)
    value = asked.tidy(typed.strip())
    if not value:
        if asked.required and asked.name not in stored:
            form.errors[asked.name] = _("Please fill this in.")
    elif len(value) > MOST or not asked.fits(value):
        form.errors[asked.name] = _("This does not fit: %(shape)s.", shape=_(asked.shape))
    return value
