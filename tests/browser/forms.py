"""In which forms a page is looked at: language, colours and width, without every mixture of the three.

Each page is seen in two forms that differ in all three, so in each language, each scheme and at each width; the four
pairs take turns from page to page, so that all eight mixtures occur. `--every-form` looks at every page in all eight
and leaves pictures in shots/.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

DESK, TELEPHONE = 1280, 390  # pixels wide
HEIGHTS = {DESK: 800, TELEPHONE: 844}


@dataclass(frozen=True)
class Form:
    language: str
    theme: str
    width: int

    @property
    def reader(self) -> str:
        """Whose sign-in it is: a key of Site.tokens."""
        return f"{self.language}-{self.theme}"

    @property
    def opposite(self) -> Form:
        """The form that shares nothing with this one."""
        return Form(
            "en" if self.language == "ja" else "ja",
            "light" if self.theme == "dark" else "dark",
            DESK if self.width == TELEPHONE else TELEPHONE,
        )

    def __str__(self) -> str:
        return f"{self.reader}-{self.width}"


EVERY = [Form(*one) for one in product(("ja", "en"), ("light", "dark"), (DESK, TELEPHONE))]
PAIRS = [(one, one.opposite) for one in EVERY if one.language == "ja"]


def shared_out(names: Iterable[str], *, every: bool) -> list[tuple[str, Form]]:
    """Which of them is looked at in which form."""
    return [
        (name, form)
        for turn, name in enumerate(names)
        for form in (EVERY if every else PAIRS[turn % len(PAIRS)])
    ]
