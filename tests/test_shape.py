"""The house keeps its shape: rooms that can be read in one go, each saying where it stands."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted(
    path for folder in ("helpdesk", "classifiers", "macros") for path in (ROOT / folder).rglob("*.py")
    if "migrations/versions" not in path.as_posix()
)  # fmt: skip
LONGEST_FILE, LONGEST_FUNCTION = 330, 60
TABLES = {"_routes", "ticket_routes", "settings_routes"}  # functions that are one long table
VAGUE = re.compile(r"(^|_)(utils?|helpers?|common|misc|manager)(_|$)")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_says_what_it_is_and_can_be_read_in_one_go(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "say in a line or two where this stands"
    assert text.count("\n") <= LONGEST_FILE
    assert not VAGUE.search(path.stem)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name not in TABLES:
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, f"{node.name} is too long"


def test_nothing_names_a_machine_or_an_index() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is no git checkout")
    foreign = re.compile(r"/(?:home|root|Users|work)/\w|pypi\.org|registry\.npmjs|files\.pythonhosted")
    found = []
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path == Path(__file__) or path.suffix in {".png", ".jpg"} or not path.is_file():
            continue
        found += [
            f"{name}: {hit[0]}"
            for hit in foreign.finditer(path.read_text(encoding="utf-8", errors="replace"))
        ]
    assert not found
