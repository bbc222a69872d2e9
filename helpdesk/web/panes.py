"""How wide the panes of the desk are and which are folded: a cookie of this browser, read before the first paint.

The widths come back as a style sheet of their own, because the content policy allows none inside the page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from starlette.requests import Request

COOKIE = "panes"
LIMITS = {"views": (150, 320), "list": (260, 560), "side": (240, 480)}
USUAL = {"views": 204, "list": 352, "side": 308}
FOLDING = ("views", "side")
_PART = re.compile(r"(views|list|side)-(\d{2,4})")


@dataclass(frozen=True, slots=True)
class Panes:
    """`widths` in pixels where somebody dragged; the others follow the window."""

    widths: dict[str, int] = field(default_factory=dict)
    folded: tuple[str, ...] = ()

    @property
    def sheet(self) -> str:
        """The path of the style sheet with these widths below the assets, empty where none is needed."""
        said = ".".join(f"{name}-{width}" for name, width in self.widths.items())
        return f"panes/{said}.css" if said else ""

    def limits(self, name: str) -> tuple[int, int, int]:
        """Least, current and most width."""
        least, most = LIMITS[name]
        return least, self.widths.get(name, USUAL[name]), most


def read(request: Request) -> Panes:
    """What the browser remembers, for example `views-180.list-400.side-folded`."""
    said = request.cookies.get(COOKIE, "")[:120]
    folded = tuple(name for name in FOLDING if f"{name}-folded" in said.split("."))
    return Panes(_widths(said), folded)


def style(path: str) -> bytes | None:
    """The style sheet that `Panes.sheet` names; None for any other path."""
    found = re.fullmatch(r"panes/([a-z0-9.-]{1,60})\.css", path)
    widths = _widths(found[1]) if found else {}
    if not widths:
        return None
    said = " ".join(f"--{name}-width: {width}px;" for name, width in widths.items())
    return f":root {{ {said} }}\n".encode()


def _widths(said: str) -> dict[str, int]:
    found = {match[1]: int(match[2]) for part in said.split(".") if (match := _PART.fullmatch(part))}
    return {
        name: min(max(found[name], least), most) for name, (least, most) in LIMITS.items() if name in found
    }
