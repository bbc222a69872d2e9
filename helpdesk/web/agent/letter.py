"""What the composer's form holds, read into a Letter: text, people, files, macro, and when it is to leave."""

from __future__ import annotations

from datetime import datetime, timedelta

from starlette.requests import Request

from helpdesk.errors import Invalid
from helpdesk.i18n import lazy
from helpdesk.models import Agent
from helpdesk.tickets import macro_actions, schedule, snooze
from helpdesk.tickets.draft import KINDS
from helpdesk.tickets.letter import Letter, written
from helpdesk.tickets.upload import Upload
from helpdesk.web import forms, state
from helpdesk.web.agent import outward
from macros.macro import Action

BYTES = "application/octet-stream"
TOO_LARGE = lazy("%(file)s is larger than %(most)s MB; send a smaller file")
OLD_PAGE = lazy("this form is too old; reload the page")
LONGEST_ACTION = 200
UNDO_SECONDS, LONGEST_UNDO = 10, 120


def read(request: Request, now: datetime) -> Letter:
    """Raises Invalid with what has to be corrected first, Forbidden for an action that the role does not allow."""
    form, agent = forms.of(request), state.agent(request)
    found = state.parts(request).catalog.find(form.value("macro"))
    at = schedule.read_moment(form.value("at"), zone=agent.timezone, now=now)
    then = form.value("then")
    kind, actions = form.value("kind") or "reply", actions_of(form)
    if kind not in KINDS:
        raise Invalid(OLD_PAGE, field="kind")
    for right in macro_actions.list_rights(actions):
        state.access(request).require(right)
    return written(
        form.value("body"),
        form.value("html"),
        wordless=outward.is_wordless(form),
        kind=kind,
        via=form.value("via")[:40],
        **{name: tuple(form.list(name)) for name in ("to", "cc", "bcc", "without")},
        subject=form.value("subject"),
        forwarded=form.value("forwarded")[:24],
        staged=tuple(dict.fromkeys(one[:24] for one in form.list("staged"))),
        uploads=uploads(request),
        quote=form.flag("quote"),
        macro=(found.key, form.value("macro_version")[:16] or found.version) if found else None,
        actions=actions,
        token=_token(form),
        replies=tuple(form.list("offer")),
        close=then == "close" or form.flag("close"),
        snooze=snooze.decide_moment(form.value("until"), now=now, zone=agent.timezone)
        if then == "snooze"
        else None,
        hold=hold_of(agent),
        at=at,
    )


def uploads(request: Request) -> list[Upload]:
    """The attached files; raises Invalid for one above the limit."""
    most = state.parts(request).settings.max_upload_mb
    found = []
    for file in forms.of(request).files("attachments"):
        with file.file as opened:
            content = opened.read(most * 1_000_000 + 1)
        if len(content) > most * 1_000_000:
            raise Invalid(TOO_LARGE, field="attachments", file=file.filename, most=most)
        name, kind = (file.filename or "file").replace("\x00", ""), file.content_type or BYTES
        found.append(Upload(name, kind.replace("\x00", ""), content))
    return found


def actions_of(form: forms.Form) -> list[Action]:
    return macro_actions.read_actions([one[:LONGEST_ACTION] for one in form.list("action")])


def hold_of(agent: Agent) -> timedelta:
    """How long an answer waits for second thoughts."""
    given = agent.preferences.get("undo_seconds", UNDO_SECONDS)
    seconds = given if isinstance(given, int) else UNDO_SECONDS
    return timedelta(seconds=max(0, min(seconds, LONGEST_UNDO)))


def _token(form: forms.Form) -> str:
    """The composer's own; without one points could be given twice."""
    token = form.value("token")[:40]
    if not token and any(one.startswith(f"{macro_actions.POINTS}:") for one in form.list("action")):
        raise Invalid(OLD_PAGE, field="token")
    return token
