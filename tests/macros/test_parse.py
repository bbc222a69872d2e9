from __future__ import annotations

from pathlib import Path

import pytest

from macros.catalog import Catalog
from macros.errors import CatalogError
from macros.macro import Action, Frame
from macros.parse import dump, parse, parse_frame

DOCS = Path(__file__).parents[2] / "docs" / "macros.md"
GOOD = """
name: {ja: お礼, en: Thanks}
tags: [no_reply_needed]
states: [delivered]
priority: 3
subject: {ja: お礼, en: Thanks}
actions:
  - add_tag: thanked
  - remove_tag: waiting
  - status: closed
  - assign: me
  - grant_points: {amount: 100, reason: thanks}
body:
  ja: ありがとうございます
  en: Thank you
"""


def _fields(content: str) -> dict[str, str]:
    with pytest.raises(CatalogError) as caught:
        parse("broken", content)
    assert {problem.file for problem in caught.value.problems} == {"broken.yaml"}
    return {problem.field: problem.what for problem in caught.value.problems}


def test_all_fields_are_read() -> None:
    macro = parse("thanks", GOOD)
    assert (macro.key, macro.tags, macro.states, macro.priority) == (
        "thanks",
        ("no_reply_needed",),
        ("delivered",),
        3,
    )
    assert macro.actions[0] == Action("add_tag", "thanked")
    assert macro.actions[-1] == Action("grant_points", 100, "thanks")
    assert [action.kind for action in macro.actions if action.confirm] == ["grant_points"]


def test_the_example_of_the_documentation_is_a_macro() -> None:
    example = DOCS.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    assert parse("example", example).actions == (Action("status", "closed"),)


def test_every_problem_of_a_file_is_told_with_its_field() -> None:
    problems = _fields(
        "name: {}\nbody: {en: '{{ order.nmber }}', fr: x, ja: ''}\nstates: [lost]\npriority: 99\n"
        "titel: x\ntags: one\nsubject: {en: '{{'}\n"
        "actions: [{jump: high}, {status: sleeping}, {grant_points: 500}, "
        "{grant_points: {amount: 5}}, {assign: ''}, x]"
    )
    assert problems["body.en"] == "line 1: unknown variable order.nmber"
    assert set(problems) == {
        *("name", "body.en", "body.fr", "body.ja", "states", "priority", "titel", "tags", "subject.en"),
        *(f"actions[{index}]" for index in range(6)),
    }


@pytest.mark.parametrize("content", ["", "just text", "- a\n- b", "name: [", "!!python/object:os.system x"])
def test_what_is_no_macro_at_all_is_told_once(content: str) -> None:
    assert set(_fields(content)) == {"file"}


@pytest.mark.parametrize("amount", ["0", "-5", "1.5", "true", "'500'", "1000000"])
def test_points_must_be_a_sensible_whole_number(amount: str) -> None:
    content = (
        f"name: {{en: x}}\nbody: {{en: x}}\nactions: [{{grant_points: {{amount: {amount}, reason: x}}}}]"
    )
    assert "amount" in _fields(content)["actions[0]"]


def test_points_are_granted_once_only() -> None:
    grant = "{grant_points: {amount: 5, reason: x}}"
    assert "once" in _fields(f"name: {{en: x}}\nbody: {{en: x}}\nactions: [{grant}, {grant}]")["actions"]


def test_a_macro_written_out_reads_back_the_same() -> None:
    catalog = Catalog.load_builtin()
    for macro in [*catalog, parse("thanks", GOOD)]:
        again = parse(macro.key, dump(macro), macro.frame)
        assert again == macro
        assert again.version == macro.version


def test_the_version_changes_with_the_words_and_the_actions_only() -> None:
    version = parse("thanks", GOOD).version
    assert len(version) == 12
    assert parse("thanks", GOOD.replace("Thank you", "Thanks a lot")).version != version
    assert parse("thanks", GOOD.replace("amount: 100", "amount: 200")).version != version
    assert parse("thanks", GOOD, Frame({"en": "Hi"})).version != version
    assert parse("thanks", GOOD.replace("priority: 3", "priority: 4")).version == version


def test_a_macro_may_do_without_greeting_and_sign_off() -> None:
    frame = parse_frame("opening: {en: Hi}\nclosing: {en: Bye}", "_frame.yaml")
    assert parse("thanks", GOOD, frame).frame == frame
    assert parse("thanks", f"{GOOD}\nframe: false", frame).frame == Frame()


def test_a_broken_greeting_names_its_file() -> None:
    with pytest.raises(CatalogError, match=r"_frame.yaml: opening.en: line 1: unknown variable agent.nme"):
        parse_frame("opening: {en: '{{ agent.nme }}'}", "_frame.yaml")
