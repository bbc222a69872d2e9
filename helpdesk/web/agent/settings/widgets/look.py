"""/settings/widgets/{key}: name, colour, place, picture and words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.channels.chat.config import COLOUR, POSITIONS
from helpdesk.channels.chat.contrast import contrast
from helpdesk.errors import Invalid
from helpdesk.i18n import LANGUAGES, lazy
from helpdesk.i18n import gettext as _
from helpdesk.web import forms, render, state
from helpdesk.web.agent.settings.widgets import frame, words

LARGEST_LOGO = 500_000  # bytes
PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def show(request: Request, status: int = 200) -> Response:
    opened, form = frame.open_one(request), forms.of(request)
    colour = form.value("colour", opened.config.colour)
    return frame.page(
        request,
        "look",
        opened,
        status,
        contrast=contrast(colour if COLOUR.fullmatch(colour) else opened.config.colour),
        positions=POSITIONS,
        groups=words.groups(),
        defaults={language: words.defaults(language) for language in LANGUAGES},
        longest=words.LONGEST,
    )


def update(request: Request) -> Response:
    form = forms.of(request)
    name, given = form.text("name", most=120, required=True), read(form)
    try:
        given |= _logo(request, form)
    except Invalid as error:
        form.reject(error)
    if not form:
        return show(request, 422)
    opened = frame.save(request, "look", given, name=name)
    return render.redirect(request, opened.path, notice=_("The widget is saved."))


def read(form: forms.Form) -> dict[str, Any]:
    """Colour, place and words; what is said as ever is left out."""
    colour = form.value("colour").strip().lower()
    if not COLOUR.fullmatch(colour):
        form.errors["colour"] = _("Write the colour as #2f5d50.")
    texts = {language: _texts(form, language) for language in LANGUAGES}
    return {"colour": colour, "position": form.choice("position", POSITIONS, POSITIONS[0]), "texts": texts}


def _texts(form: forms.Form, language: str) -> dict[str, str]:
    usual: Mapping[str, str] = words.defaults(language)
    given = {name: form.text(f"text_{language}_{name}", most=words.LONGEST, lines=True) for name in usual}
    return {name: text for name, text in given.items() if text and text != usual[name]}


def _logo(request: Request, form: forms.Form) -> dict[str, Any]:
    """A new picture, none any more, or nothing new."""
    uploads = form.files("logo")
    if not uploads:
        return {"logo": ""} if form.flag("no_logo") else {}
    content = uploads[0].file.read(LARGEST_LOGO + 1)
    if len(content) > LARGEST_LOGO:
        raise Invalid(lazy("the picture may have 500 kB"), field="logo")
    kind = next((kind for begin, kind in PICTURES.items() if content.startswith(begin)), "")
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        kind = "image/webp"
    if not kind:
        raise Invalid(lazy("choose a PNG, JPEG or WebP picture"), field="logo")
    return {"logo": {"sha256": state.parts(request).files.put(content), "content_type": kind}}
