"""What can go wrong with a macro.

MacroError
├── CatalogError     files that do not hold a valid macro; carries every Problem, not the first alone
├── MacroNotFound    no macro of that key
└── RenderError      a fact of the wrong kind, or a result too long to send
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class MacroError(Exception):
    """Base of all errors of this package."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: in which file, in which field, and what to do about it."""

    file: str
    field: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.field}: {self.what}"


class CatalogError(MacroError):
    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class MacroNotFound(MacroError):
    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"no macro is called {key!r}; see the list of macros for the keys in use")


class RenderError(MacroError):
    pass
