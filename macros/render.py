"""From a macro and the facts of a ticket to a draft reply; and the check that a reply may leave.

A missing fact stays visible as 〔order.number〕, is listed in `Draft.missing`, and `unresolved` finds it
in the text as the agent leaves it: nothing with a hole in it is sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from types import SimpleNamespace

from macros.errors import RenderError
from macros.facts import Facts
from macros.formats import text_of
from macros.macro import Action, Macro
from macros.salutation import salutation
from macros.sandbox import LANG, OPEN, SHUT, SINK, MissingFact, compiled, problems_of

MAX_DRAFT = 20_000
_PLACE = re.compile(f"{OPEN}(\\d+){SHUT}")
_LEFT_OVER = re.compile(
    r"〔[a-z_]{1,40}\.[a-z_]{1,40}〕?|[a-z_]{1,40}\.[a-z_]{1,40}〕|\{\{[^{}\n]*\}{0,2}|\{%[^{}\n]*(?:%\})?"
)


@dataclass(frozen=True, slots=True)
class Span:
    """Where a variable stands in the text: text[start:end]. `missing` spans hold the mark of the hole."""

    start: int
    end: int
    variable: str
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply as the composer shows it, with the macro's key and version to be kept beside the message."""

    key: str
    version: str
    lang: str
    text: str
    subject: str | None
    spans: tuple[Span, ...]
    missing: tuple[str, ...]
    actions: tuple[Action, ...]

    @property
    def ready(self) -> bool:
        return not self.missing


def render(macro: Macro, facts: Facts, lang: str, *, points: int | None = None) -> Draft:
    """The draft in `lang`, or in the nearest language the macro has (`Draft.lang` tells which).

    `points` is the amount the agent chose in place of the macro's own: the text and the grant always agree.
    """
    lang = macro.language_for(lang)
    actions = tuple(_granting(action, points) for action in macro.actions)
    facts = _with_grant(facts, actions)
    text, spans = _filled(macro.template(lang), facts, lang)
    subject, subject_spans = _filled(macro.subject.get(lang, ""), facts, lang)
    missing = dict.fromkeys(span.variable for span in (*subject_spans, *spans) if span.missing)
    subject = " ".join(subject.split())  # a line break in a fact must not reach a header
    return Draft(macro.key, macro.version, lang, text, subject or None, spans, tuple(missing), actions)


def unresolved(text: str) -> tuple[str, ...]:
    """Marks of missing facts and template code still standing in a text, each once, in order."""
    return tuple(dict.fromkeys(match.group() for match in _LEFT_OVER.finditer(text)))


def mark(variable: str) -> str:
    """How a missing variable shows in a draft."""
    return f"〔{variable}〕"


def _granting(action: Action, points: int | None) -> Action:
    return replace(action, value=points) if points is not None and action.kind == "grant_points" else action


def _with_grant(facts: Facts, actions: tuple[Action, ...]) -> Facts:
    granted = [int(action.value) for action in actions if action.kind == "grant_points"]
    if not granted:
        return facts
    return replace(facts, points=replace(facts.points, granted=granted[0]))


def _filled(source: str, facts: Facts, lang: str) -> tuple[str, tuple[Span, ...]]:
    problems = problems_of(source)
    if problems:
        raise RenderError("; ".join(problems))
    sink: list[tuple[object, str]] = []
    try:
        marked = compiled(source).render({**_context(facts, lang), SINK: sink, LANG: lang}).strip()
    except TypeError as error:
        raise RenderError(
            f"facts of different kinds were compared ({error}); check the facts given"
        ) from error
    return _placed(marked, sink, lang)


def _placed(marked: str, sink: list[tuple[object, str]], lang: str) -> tuple[str, tuple[Span, ...]]:
    """Values go in after rendering, so that nothing in them is ever seen by the template engine."""
    parts: list[str] = []
    spans: list[Span] = []
    length = 0
    for index, piece in enumerate(_PLACE.split(marked)):
        if index % 2:
            value, variable = sink[int(piece)]
            missing = isinstance(value, MissingFact)
            variable = value.variable if isinstance(value, MissingFact) else variable
            piece = mark(variable) if missing else text_of(value, lang)
            if variable:
                spans.append(Span(length, length + len(piece), variable, missing))
        parts.append(piece)
        length += len(piece)
    if length > MAX_DRAFT:
        raise RenderError(
            f"the draft has {length:,} characters, {MAX_DRAFT:,} are allowed; shorten the macro or the facts"
        )
    return "".join(parts), tuple(spans)


def _context(facts: Facts, lang: str) -> dict[str, object]:
    context = {group.name: _group(facts, group.name) for group in fields(facts)}
    context["customer"].salutation = salutation(facts.customer, lang)
    return dict(context)


def _group(facts: Facts, name: str) -> SimpleNamespace:
    group = getattr(facts, name)
    leaves = {leaf.name: getattr(group, leaf.name) for leaf in fields(group)}
    return SimpleNamespace(
        **{
            leaf: MissingFact(f"{name}.{leaf}") if _is_missing(value) else value
            for leaf, value in leaves.items()
        }
    )


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
