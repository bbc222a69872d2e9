"""The last step of every page: templates to HTML, whole for the address bar, one block of it for htmx."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache, lru_cache, partial
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from helpdesk import i18n
from helpdesk.channels import refusals
from helpdesk.channels.content import name_of
from helpdesk.channels.names import NAMES
from helpdesk.channels.registry import LINKABLE
from helpdesk.customers import naming
from helpdesk.inbox.content import length
from helpdesk.models import Customer
from helpdesk.web import assets, flash, panes, pieces, sections, state
from helpdesk.web.folding import Folding, Loader


def page(
    request: Request,
    name: str,
    *,
    block: str = "main",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> HTMLResponse:
    """The page, or its block alone when htmx asks for a part (htmx also gets waiting notices out of band)."""
    template = environment().get_template(name)
    values = _context(request, context)
    if wants_part(request):
        part = "".join(template.blocks[block](template.new_context(values)))
        html = part + (_out_of_band(values) if values["notices"] else "")
    else:
        html = template.render(values)
    response = HTMLResponse(html, status, {"Vary": "HX-Request", **(headers or {})})
    if values["notices"]:
        flash.clear(response)
    return response


def fragment(request: Request, name: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A `_file.html` alone, for htmx to put somewhere."""
    return HTMLResponse(environment().get_template(name).render(_context(request, context)), status)


def text(request: Request, name: str, **context: Any) -> str:
    """A template as text, to be put into something else."""
    return environment().get_template(name).render(_context(request, context))


def redirect(request: Request, to: str, *, notice: str = "", kind: str = "ok") -> Response:
    """After an action: go and look at the outcome; `notice` is shown there once."""
    response = RedirectResponse(to, 303)
    if notice:
        flash.put(response, state.parts(request).seal, notice, kind, secure=request.url.scheme == "https")
    return response


def wants_part(request: Request) -> bool:
    """Whether htmx asks for a part: neither a boosted link nor a page to restore from the history."""
    ask = request.headers.get
    return (
        ask("hx-request") == "true"
        and ask("hx-boosted") != "true"
        and ask("hx-history-restore-request") != "true"
    )


def environment() -> Environment:
    """That of the reader's language."""
    return _environment(i18n.language())


@cache
def _environment(language: str) -> Environment:
    env = Folding(
        loader=Loader(assets.folder("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    env.language, env.icon = language, icon
    env.install_gettext_callables(i18n.gettext, i18n.plural, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(
        settings_by_part=sections.by_part,
        piece=pieces.piece,
        zip=zip,
        _=_say,
        icon=icon,
        known_as=naming.address,
        asset=assets.asset,
        language=i18n.language,
        languages=i18n.LANGUAGES,
        linkable=LINKABLE,
    )
    env.filters.update(
        money=i18n.money,
        number=i18n.number,
        day=i18n.day,
        clock=i18n.clock,
        moment=_moment,
        date_words=_date_words,
        waited=_waited,
        duration=i18n.duration,
        person=i18n.person,
        called=_called,
        address=lambda one: naming.address(one.kind, one.value, one.shown),
        content=name_of,
        channel_name=_channel_name,
        explained=lambda said, kind: refusals.explain(kind, said),
        length_of=length,
        size=_size,
        lines=_lines,
        initials=initials,
        q=lambda value: quote(str(value), safe=""),
    )
    env.globals["ui"] = SimpleNamespace(**vars(env.get_template("parts/ui.html").module))
    acts = env.get_template("agent/ticket/_act.html").module
    env.globals.update(act=acts.act, ask=acts.ask)  # type: ignore[attr-defined]
    return env


def _channel_name(kind: str) -> str:
    return i18n.gettext(NAMES.get(kind, kind))


def _say(text: str, /, **values: object) -> Markup:
    """The words in the reader's language; what is put into them is escaped."""
    return _said(i18n.language(), text) % values if values else _plain(i18n.language(), text)


@lru_cache(4096)
def _said(_language: str, text: str) -> Markup:
    return Markup(i18n.gettext(text))  # noqa: S704 - words of our own catalogue


@lru_cache(4096)
def _plain(language: str, text: str) -> Markup:
    return _said(language, text) % {}


@lru_cache(2048)
def icon(name: str, label: str = "") -> Markup:
    """A lucide icon from the sprite; silent for screen readers unless it has a label."""
    said = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" {}><use href="{}#{}"></use></svg>').format(
        said, assets.asset("vendor/icons.svg"), name
    )


def _context(request: Request, given: dict[str, Any]) -> dict[str, Any]:
    parts = state.parts(request)
    agent = state.find_agent(request)
    return {
        "request": request,
        "path": request.url.path,
        "agent": agent,
        "access": getattr(request.state, "access", None),
        "theme": agent.theme if agent else request.cookies.get("theme", "system"),
        "now": parts.database.clock(),
        "notices": flash.read(request, parts.seal),
        "panes": panes.read(request),
        "chatting": partial(_chatting, request),
        **given,
    }


def _chatting(request: Request) -> bool:
    """Whether any brand of the reader has a chat. Asked by few templates, so that most pages need not know."""
    access = getattr(request.state, "access", None)
    return access is not None and not request.app.state.reception.chat_brands().isdisjoint(access.brand_ids)


def _out_of_band(values: dict[str, Any]) -> str:
    return environment().get_template("parts/_notices.html").render(values, out_of_band=True)


@pass_context
def _moment(context: Context, value: datetime) -> str:
    return i18n.moment(value, context["now"])


@pass_context
def _date_words(context: Context, value: datetime) -> str:
    return i18n.date_words(value, context["now"])


@pass_context
def _waited(context: Context, since: datetime) -> str:
    """How long ago `since` is, as a duration."""
    return i18n.duration(context["now"] - since)


def _called(customer: Customer, channel: str = "") -> str:
    """The number only where it was asked for with the customer."""
    number = getattr(customer, "__dict__", {}).get("number") or ""
    return naming.called(customer.name, customer.key, channel, number)


def _size(count: int) -> str:
    """12 kB, 3.4 MB."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} kB"
    return f"{count / 1_000_000:.1f} MB"


def _lines(value: str) -> Markup:
    """Plain text with its line ends kept."""
    return Markup("<br>").join(escape(line) for line in value.split("\n"))


def initials(name: str) -> str:
    """One character for a Japanese name, two letters for others."""
    words = name.split()
    if not words:
        return "?"
    if not words[0][0].isascii():
        return words[0][0]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
