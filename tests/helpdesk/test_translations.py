"""Nothing on a page stays untranslated: what is marked in sources and templates stands in every catalogue."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "helpdesk" / "locale").glob("*/LC_MESSAGES/messages.po"))
ERRORS = (
    "Conflict",
    "Forbidden",
    "Invalid",
    "LimitExceeded",
    "Misconfigured",
    "NotFound",
    "Rejected",
    "Unavailable",
)
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy": None, **dict.fromkeys(ERRORS)}


def marked() -> Catalog:
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["babel"][
        "mappings"
    ]
    methods = [(one["pattern"], one["method"]) for one in mappings]
    options = {
        one["pattern"]: {k: v for k, v in one.items() if k not in ("pattern", "method")} for one in mappings
    }
    catalog = Catalog()
    for name, line, message, _comments, _context in extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS
    ):
        catalog.add(message, locations=[(name, line)])
    return catalog


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parts[-3])
def test_every_marked_text_is_translated(file: Path) -> None:
    with file.open("rb") as lines:
        there = read_po(lines)
    missing = []
    for message in marked():
        found = there.get(message.id) if message.id else None
        if message.id and (found is None or not found.string or found.fuzzy):
            missing.append(f"{message.locations[0][0]}:{message.locations[0][1]} {message.id!r}")
    assert not missing, "add them to the catalogue:\n" + "\n".join(missing)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parts[-3])
def test_translations_keep_their_placeholders(file: Path) -> None:
    with file.open("rb") as lines:
        problems = [(message.id, str(error)) for message, found in read_po(lines).check() for error in found]
    assert not problems
