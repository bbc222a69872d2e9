"""The chat widget's modules as a few small files in static/vendor/widget, made by esbuild at set-up.

A shop's page loads these; where they are missing or older than the modules, the modules themselves are served.
Nothing but the standard library is imported here: set-up may come before the other libraries.
"""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

SOURCES, MADE = "widget", "vendor/widget"
ENTRIES = ("loader.js", "campaigns.js", "chat.js", "words-ja.js", "words-en.js", "chat.css")
STAMP = "made-of.txt"
HOW = ("--bundle", "--minify", "--format=esm", "--target=es2022", "--charset=utf8", "--legal-comments=none")


def is_fresh(static: Path) -> bool:
    """Whether the bundle is made of the modules as they are now."""
    stamp = static / MADE / STAMP
    return stamp.exists() and stamp.read_text(encoding="ascii") == digest(static / SOURCES)


def build(libraries: Path, static: Path) -> None:
    """Raises OSError when esbuild is not there or finds a mistake."""
    source, target = static / SOURCES, static / MADE
    target.mkdir(parents=True, exist_ok=True)
    (target / STAMP).unlink(missing_ok=True)
    words = [str(_esbuild(libraries)), *ENTRIES, *HOW, f"--outdir={target}", "--log-level=warning"]
    done = subprocess.run(words, cwd=source, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise OSError(f"esbuild refuses the widget: {done.stderr.strip()}")
    (target / STAMP).write_text(digest(source), encoding="ascii")


def digest(source: Path) -> str:
    """Of all modules, so that a bundle is known to be made of them."""
    found = hashlib.sha256()
    for path in sorted(source.iterdir()):
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def _esbuild(libraries: Path) -> Path:
    """The program itself, of the package for this machine: it needs no install script and no node."""
    for name in ("bin/esbuild", "esbuild.exe"):
        found = next((libraries / "@esbuild").glob(f"*/{name}"), None)
        if found:
            return found
    raise OSError(f"no esbuild for this machine in {libraries}")
