"""The check of a whole catalog: every macro rendered in every language, with all facts and with none.

Finds what parsing one file cannot: a language or a variable left out on one side, ragged blank lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from macros.errors import Problem
from macros.facts import Facts, Ticket
from macros.macro import LANGUAGES, Macro
from macros.render import Draft, render, unresolved
from macros.sample import sample_facts
from macros.sandbox import variables_of

CHANNELS = ("email", "chat")


def lint(macros: Iterable[Macro]) -> list[Problem]:
    """Every fault found, in order of the macros; empty when all may go to customers in both languages."""
    return [problem for macro in macros for problem in _problems(macro)]


def _problems(macro: Macro) -> Iterator[Problem]:
    file = f"{macro.key}.yaml"
    absent = [(field, lang) for field, lang in _expected(macro) if lang not in getattr(macro, field)]
    for field, lang in absent:
        yield Problem(file, f"{field}.{lang}", "is not written; a macro answers in every language")
    if absent:
        return
    for field in ("body", "subject"):
        yield from (Problem(file, field, what) for what in _one_sided(macro, field))
    for lang in LANGUAGES:
        for channel in CHANNELS:
            yield from (Problem(file, f"body.{lang}", what) for what in _faults(macro, lang, channel))


def _expected(macro: Macro) -> Iterator[tuple[str, str]]:
    for field in ("name", "description", "body", "subject"):
        if field in ("name", "body") or getattr(macro, field):
            yield from ((field, lang) for lang in LANGUAGES)


def _one_sided(macro: Macro, field: str) -> Iterator[str]:
    named = {lang: variables_of(text) for lang, text in getattr(macro, field).items()}
    everywhere = frozenset.intersection(*named.values()) if named else frozenset()
    for lang, variables in named.items():
        for variable in sorted(variables - everywhere):
            yield f"{variable} is used in {lang} but not in the other language"


def _faults(macro: Macro, lang: str, channel: str) -> Iterator[str]:
    full = render(macro, sample_facts(lang, channel), lang)
    if full.missing or unresolved(full.text):
        yield f"leaves {', '.join(full.missing or unresolved(full.text))} open even when all facts are known"
    bare = render(macro, Facts(ticket=Ticket(channel=channel)), lang)
    if set(unresolved(f"{bare.subject or ''}\n{bare.text}")) != {f"〔{name}〕" for name in bare.missing}:
        yield "shows other holes than it reports"
    for draft in (full, bare):
        yield from _ragged(draft)


def _ragged(draft: Draft) -> Iterator[str]:
    before, gap, _ = draft.text.partition("\n\n\n")
    if gap:
        yield f"has two blank lines in a row after {before[-30:]!r}"
    if any(line != line.rstrip() for line in draft.text.split("\n")):
        yield "has blanks at the end of a line"
