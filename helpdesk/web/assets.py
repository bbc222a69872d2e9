"""Templates and static files: the checkout's folders first, else those inside the installed wheel.

Static files live under `/assets/<digest>/…`, so that browsers may keep them for ever; the digest is over all
of them, because modules and style sheets name each other by relative addresses.
"""

from __future__ import annotations

import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from helpdesk.web import panes

PACKAGE = Path(__file__).parent.parent
STYLE_SHEET = "app.css"
FIRST_STYLES = ("tokens", "base", "shell", "forms")


def folder(name: str) -> Path:
    """`templates` or `static`."""
    checkout = PACKAGE.parent / name
    inside = PACKAGE / "_assets" / name
    return checkout if checkout.is_dir() and (PACKAGE.parent / "pyproject.toml").exists() else inside


def asset(path: str) -> str:
    """The address of a static file, for example `js/app.js`."""
    return f"/assets/{digest()}/{path}"


def vendor_present() -> bool:
    """Whether the browser libraries were copied; without them pages work by plain forms and links."""
    return (folder("static") / "vendor" / "icons.svg").exists()


@cache
def digest() -> str:
    """Changes whenever a static file does; read once for each process."""
    found = hashlib.sha256()
    root = folder("static")
    for path in sorted(root.rglob("*")):
        if path.is_file():
            found.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:12]


@cache
def style_sheet() -> bytes:
    """All style sheets as one, so that the browser waits for one file alone."""
    root = folder("static") / "css"
    names = sorted((path.stem for path in root.glob("*.css")), key=_place)
    return b"\n".join((root / f"{name}.css").read_bytes() for name in names)


def _place(name: str) -> tuple[int, str]:
    return (FIRST_STYLES.index(name) if name in FIRST_STYLES else len(FIRST_STYLES), name)


def find(path: str) -> tuple[bytes, str] | None:
    """Content and type of a static file, None where there is none."""
    if path == STYLE_SHEET:
        return style_sheet(), "text/css; charset=utf-8"
    if widths := panes.style(path):
        return widths, "text/css; charset=utf-8"
    root = folder("static").resolve()
    file = (root / path).resolve()
    if not file.is_relative_to(root) or not file.is_file():
        return None
    return file.read_bytes(), content_type(file.name)


def content_type(name: str) -> str:
    kind = {".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}.get(Path(name).suffix)
    kind = kind or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
