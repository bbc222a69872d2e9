from __future__ import annotations

from macros.catalog import Catalog
from macros.lint import lint
from macros.parse import parse


def _told(content: str) -> list[str]:
    return [str(problem) for problem in lint([parse("one", content)])]


def test_the_built_in_macros_have_no_fault() -> None:
    assert lint(Catalog.load_builtin()) == []


def test_a_language_left_behind_is_told() -> None:
    told = _told("name: {en: One, ja: 一}\nsubject: {en: One}\nbody: {en: One}")
    assert [line.split(": ")[1] for line in told] == ["body.ja", "subject.ja"]


def test_a_variable_in_one_language_alone_is_told() -> None:
    told = _told("name: {en: One, ja: 一}\nbody: {en: 'No {{ order.number }}', ja: はい}")
    assert told == ["one.yaml: body: order.number is used in en but not in the other language"]


def test_ragged_blanks_are_told() -> None:
    told = _told('name: {en: One, ja: 一}\nbody: {en: "a\\n\\n\\nb", ja: "あ \\nい"}')
    assert any("two blank lines" in line and "body.en" in line for line in told)
    assert any("end of a line" in line and "body.ja" in line for line in told)
