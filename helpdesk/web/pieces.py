"""Parts of a ticket's page that are the same for many tickets but for the address: made once, then kept."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from helpdesk import i18n

KEPT = 2_000  # pieces, about 2 kB each
TICKET, QUERY, CUSTOMER, AGENT, TOKEN = "\ue000\ue001\ue002\ue003\ue004"  # stand where the page's own will


@pass_context
def piece(context: Context, name: str, **facts: Hashable) -> Markup:
    """The template `name` with nothing but these facts; `channel` and `language` are its ticket's.

    Of the page itself it may show the keys of ticket, customer and agent, the query and the token. It must not speak
    of the present moment; where it asks whether there is a query, that has to be a fact.
    """
    html = _made(context.environment, i18n.timezone().key, name, tuple(facts.items()))
    html = html.replace(TICKET, context["ticket"].key).replace(QUERY, escape(context["query"]))
    if CUSTOMER in html:
        html = html.replace(CUSTOMER, context["talk"].customer.key)
    if TOKEN in html:
        html = html.replace(TOKEN, context["token"]).replace(AGENT, context["agent"].key)
    return Markup(html)  # noqa: S704 - made by a template


@lru_cache(KEPT)
def _made(
    environment: Environment, _timezone: str, name: str, facts: tuple[tuple[str, Hashable], ...]
) -> str:
    values: dict[str, Any] = dict(facts)
    ticket = {one: values[one] for one in ("channel", "language") if one in values}
    stand_ins = {
        "ticket": SimpleNamespace(key=TICKET, **ticket),
        "query": QUERY,
        "talk": SimpleNamespace(customer=SimpleNamespace(key=CUSTOMER)),
        "agent": SimpleNamespace(key=AGENT),
        "token": TOKEN,
    }
    return environment.get_template(name).render(stand_ins | values)
