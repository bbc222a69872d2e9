"""The schema of facts, and the table of it in the documentation."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from macros.facts import VARIABLES, Facts
from macros.formats import text_of
from macros.sample import sample_facts

DOCS = Path(__file__).parents[2] / "docs" / "macros.md"


def test_every_leaf_starts_out_missing() -> None:
    empty = Facts()
    for group in fields(Facts):
        leaves = getattr(empty, group.name)
        assert {getattr(leaves, leaf.name) for leaf in fields(leaves)} == {None}


def test_the_sample_leaves_no_fact_out() -> None:
    for lang in ("ja", "en"):
        facts = sample_facts(lang)
        for name in VARIABLES:
            group, leaf = name.split(".")
            if leaf != "salutation":
                assert text_of(getattr(getattr(facts, group), leaf), lang).strip(), name


def test_the_documentation_lists_every_variable_with_its_kind_and_meaning() -> None:
    rows = [line for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    documented = [row for row in rows if "." in row.split("`")[1]]
    assert documented == [f"| `{one.name}` | {one.kind} | {one.meaning} |" for one in VARIABLES.values()]
