"""What keeps a flow from being walked through: found when it is saved, told in the words of who edits it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from helpdesk.channels.chat.flows import ANSWERED, ENDS, OPENED, OPENS, TICKET
from helpdesk.channels.chat.wording import pick
from helpdesk.i18n import gettext as _
from helpdesk.i18n import language

KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
MOST_STEPS, MOST_BUTTONS = 40, 8
LONGEST_TEXT, LONGEST_LABEL = 1000, 80


def problems(flow: Mapping[str, Any]) -> list[str]:
    """Of a flow in the normal form; none when a visitor can always go on and always arrives."""
    steps = flow["steps"]
    found = [*_own(flow), *(one for name, step in steps.items() for one in _of_step(steps, name, step))]
    return found or list(_of_ways(flow))


def _own(flow: Mapping[str, Any]) -> Iterator[str]:
    if not KEY.fullmatch(flow["key"]):
        yield _("The key of the flow has to be of small letters, digits and hyphens.")
    if not flow["titles"]:
        yield _("The flow has no title.")
    if not flow["steps"]:
        yield _("The flow has no steps.")
    elif flow["start"] not in flow["steps"]:
        yield _("The flow begins with step “%(step)s”, which does not exist.", step=flow["start"])
    if len(flow["steps"]) > MOST_STEPS:
        yield _("A flow may have %(most)s steps.", most=MOST_STEPS)


def _of_step(steps: Mapping[str, Any], name: str, step: Mapping[str, Any]) -> Iterator[str]:
    if not KEY.fullmatch(name) or name in (ANSWERED, OPENED, TICKET):
        yield _("Step “%(step)s” needs a name of small letters, digits and hyphens.", step=name)
    if not step["texts"]:
        yield _("Step “%(step)s” says nothing.", step=name)
    if any(len(text) > LONGEST_TEXT for text in step["texts"].values()):
        yield _("The text of step “%(step)s” is too long.", step=name)
    if not step["buttons"] and "end" not in step:
        yield _("Step “%(step)s” is a dead end: give it buttons, or let it end with the answer.", step=name)
    if len(step["buttons"]) > MOST_BUTTONS:
        yield _("Step “%(step)s” may have %(most)s buttons.", step=name, most=MOST_BUTTONS)
    for button in step["buttons"]:
        yield from _of_button(steps, name, button)


def _of_button(steps: Mapping[str, Any], name: str, button: Mapping[str, Any]) -> Iterator[str]:
    label = pick(button["labels"], language())
    if not label:
        yield _("A button of step “%(step)s” has no words.", step=name)
    elif any(len(text) > LONGEST_LABEL for text in button["labels"].values()):
        yield _("The button “%(label)s” is too long.", label=label[:40])
    if "to" in button and button["to"] not in steps:
        where = button["to"]
        yield _("The button “%(label)s” leads to step “%(to)s”, which does not exist.", label=label, to=where)
    elif button.get("open") not in (None, *OPENS):
        yield _("The button “%(label)s” opens something unknown.", label=label)
    elif "url" in button and not is_page(button["url"]):
        yield _("The button “%(label)s” needs an address that begins with https://.", label=label)
    elif not any(button.get(does) for does in ("to", *ENDS)):
        yield _("The button “%(label)s” does nothing.", label=label)


def _of_ways(flow: Mapping[str, Any]) -> Iterator[str]:
    """Whether every step is come to, and whether each leads to an end."""
    steps = flow["steps"]
    reached = _closure({flow["start"]}, {name: _next(step) for name, step in steps.items()})
    for name in steps:
        if name not in reached:
            yield _("Nothing leads to step “%(step)s”.", step=name)
    back: dict[str, set[str]] = {name: set() for name in steps}
    for name, step in steps.items():
        for after in _next(step):
            back[after].add(name)
    ends = {
        name
        for name, step in steps.items()
        if "end" in step or any(set(ENDS) & set(b) for b in step["buttons"])
    }
    arriving = _closure(ends, back)
    for name in steps:
        if name not in arriving:
            yield _("From step “%(step)s” one only walks in circles.", step=name)


def _next(step: Mapping[str, Any]) -> set[str]:
    return {button["to"] for button in step["buttons"] if "to" in button}


def _closure(begin: set[str], ways: Mapping[str, set[str]]) -> set[str]:
    found, new = set(begin), set(begin)
    while new:
        new = {after for name in new for after in ways[name]} - found
        found |= new
    return found


def is_page(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("https", "http") and bool(parts.hostname) and len(address) <= 2000
    except ValueError:
        return False
