"""What a form sent, field by field; complaints are kept beside their fields and shown all at once."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from helpdesk import i18n
from helpdesk.errors import Invalid
from helpdesk.i18n import gettext as _

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
MOST_FIELDS, MOST_FILES, LONGEST_FIELD = 2_000, 20, 2_000_000


@dataclass
class Form:
    """`errors` maps a field's name to what is wrong with it, in the reader's language."""

    data: FormData = field(default_factory=FormData)
    errors: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether nothing has been complained about."""
        return not self.errors

    def value(self, name: str, default: str = "") -> str:
        """As it was typed, to be shown again; without NUL, which no database takes."""
        given = self.data.get(name, default)
        return given.replace("\x00", "") if isinstance(given, str) else default

    def text(self, name: str, *, most: int = 200, required: bool = False, lines: bool = False) -> str:
        given = self.value(name).replace("\r\n", "\n").strip()
        if not lines:
            given = " ".join(given.split())
        if required and not given:
            self.errors[name] = _("Please fill this in.")
        elif len(given) > most:
            self.errors[name] = _("At most %(most)s characters.", most=most)
        return given

    def secret(self, name: str) -> str:
        """As typed, spaces and all."""
        return self.value(name)

    def integer(self, name: str, *, least: int = 0, most: int = 2**31 - 1, default: int = 0) -> int:
        given = self.value(name).strip()
        try:
            number = int(given) if given else default
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            self.errors[name] = _("A whole number from %(least)s to %(most)s.", least=least, most=most)
        return number

    def day(self, name: str) -> str:
        """A date as 2026-01-31, or "" when none is given."""
        given = self.value(name).strip()
        try:
            return date.fromisoformat(given).isoformat() if given else ""
        except ValueError:
            self.errors[name] = _("Write the date as 2026-01-31.")
            return ""

    def flag(self, name: str) -> bool:
        return self.value(name) in ("1", "on", "true", "yes")

    def choice(self, name: str, options: Collection[str], default: str = "") -> str:
        given = self.value(name, default) or default
        if given not in options:
            self.errors[name] = _("Please choose one of the list.")
        return given

    def list(self, name: str) -> Sequence[str]:
        return [one.replace("\x00", "") for one in self.data.getlist(name) if isinstance(one, str)]

    def files(self, name: str) -> Sequence[UploadFile]:
        """Uploads that carry a name: an empty file field sends one without."""
        return [one for one in self.data.getlist(name) if isinstance(one, UploadFile) and one.filename]

    def reject(self, error: Invalid) -> None:
        """A complaint of the action that the form was for."""
        self.errors[error.field] = i18n.told(error)


@asynccontextmanager
async def received(request: Request) -> AsyncIterator[None]:
    """The form of a POST is read, and its uploads are closed afterwards: large ones lie on disk."""
    if request.method in UNSAFE:
        await _receive(request)
    try:
        yield
    finally:
        await of(request).data.close()


async def _receive(request: Request) -> None:
    """The server has already limited the size of the body."""
    kind = request.headers.get("content-type", "")
    if kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        data = await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD)
        request.state.form = Form(data)
        return
    request.state.form = Form()
    if kind.startswith("application/json"):
        request.state.body = await request.body()


def json_of(request: Request) -> dict[str, Any]:
    """The JSON object that a script of ours sent; raises Invalid for anything else."""
    try:
        given = json.loads(getattr(request.state, "body", b""))
    except (ValueError, RecursionError) as error:
        raise Invalid("this is no JSON; reload the page", field="body") from error
    if not isinstance(given, dict):
        raise Invalid("this is no JSON object; reload the page", field="body")
    return given


def of(request: Request) -> Form:
    """The form of this request, empty for a GET."""
    if not hasattr(request.state, "form"):
        request.state.form = Form()
    return cast(Form, request.state.form)
