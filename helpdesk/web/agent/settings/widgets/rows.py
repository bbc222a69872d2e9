"""Rows of a form that are numbered by their names: p0_kind, p2_kind, …; numbers may be missing."""

from __future__ import annotations

import re

from helpdesk.web import forms


def numbers(form: forms.Form, prefix: str, name: str, most: int) -> list[int]:
    """Of the rows that were sent, in order."""
    wanted = re.compile(rf"{re.escape(prefix)}(\d{{1,3}})_{name}")
    found = {int(one[1]) for key in form.data if (one := wanted.fullmatch(key))}
    return sorted(found)[:most]
