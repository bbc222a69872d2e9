"""Canned answers: files in, a ready draft out. Knows nothing of tickets, tags' origin, databases or the web.

library/*.yaml ─► catalog (parse, check) ─► match.suggest ─► render.render(macro, facts, lang) ─► Draft
                                                             facts: the only things a macro can say
"""

from macros.catalog import Catalog
from macros.match import Suggestion, suggest
from macros.render import Draft, render, unresolved

__all__ = ["Catalog", "Draft", "Suggestion", "render", "suggest", "unresolved"]
