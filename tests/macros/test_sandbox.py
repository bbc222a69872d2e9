"""What a template may not do: each refused text would reach Python, spend time or hide a mistake."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.errors import RenderError
from macros.facts import Facts
from macros.macro import Macro
from macros.render import render
from macros.sandbox import MAX_TEMPLATE, problems_of, variables_of


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ order.__class__ }}",
        "{{ order.number.__class__ }}",
        "{{ order.number.upper() }}",
        "{{ order['number'] }}",
        "{{ order }}",
        "{{ self }}",
        "{{ self._TemplateReference__context }}",
        "{{ _sink }}",
        "{{ _lang }}",
        "{{ lipsum.__globals__ }}",
        "{{ cycler.__init__.__globals__.os }}",
        "{{ range(10**9) }}",
        "{{ 'x' * 10**9 }}",
        "{{ 2 ** 999999 }}",
        "{{ order.number ~ order.number }}",
        "{{ order.number | attr('__class__') }}",
        "{{ order.number | format }}",
        "{{ order.number | _fill('x') }}",
        "{{ order.number | default(order.number.__class__) }}",
        "{{ order.number | default(**order) }}",
        "{% for x in [1, 2] %}{{ x }}{% endfor %}",
        "{% set x = 1 %}",
        "{% macro f() %}{% endmacro %}",
        "{% include 'secret' %}",
        "{% import 'os' as os %}",
        "{% extends 'layout' %}",
        "{% block x %}{% endblock %}",
        "{% filter upper %}x{% endfilter %}",
        "{% with x = 1 %}{{ x }}{% endwith %}",
        "{% raw %}{{ order.number }}{% endraw %}{{ order.nmber }}",
        "{% if order.number is callable %}x{% endif %}",
        "{% if order.total > 5 %}x{% endif %}",
        "{% if order.number in order.items %}x{% endif %}",
        "{% if order.state == 'lost' %}x{% endif %}",
        "{{ order.placed_on | date('%c') }}",
        "{{ order.number | date }}",
        "{{ order.placed_on | money }}",
        "{{ order.total | money('EUR') }}",
        "{{ order.number",
        "{% if order.number %}",
        "{% endif %}",
        "\ufdd00\ufdd1",
        "x" * (MAX_TEMPLATE + 1),
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
        "{% if order.number %}" * 120 + "{% endif %}" * 120,
        "{{ " + "not " * 1500 + "order.number }}",
    ],
)
def test_refused_before_it_runs(source: str) -> None:
    assert problems_of(source)
    with pytest.raises(RenderError):
        render(Macro("hostile", {"en": "hostile"}, {"en": source}), Facts(), "en")


@pytest.mark.parametrize(
    "source",
    [
        "",
        "plain text with { braces } and 100%",
        "{# a remark #}{{ order.number }}",
        "{{ order.number or order.items or 'your order' }}",
        "{{ order.total | default(refund.amount) }}",
        "{% if order.state in ['late', 'late_to_ship'] and not refund.amount %}x{% else %}y{% endif %}",
        "{% if points.balance >= 100 and order.promised_on < shipment.expected_on %}x{% endif %}",
        "{{ 'by air' if shipment.carrier is defined else 'by hand' }}",
    ],
)
def test_accepted(source: str) -> None:
    assert problems_of(source) == ()


def test_a_problem_names_the_line_and_the_variable() -> None:
    assert problems_of("one\n{{ order.nmber }}") == ("line 2: unknown variable order.nmber",)


def test_all_variables_are_found_wherever_they_stand() -> None:
    source = "{% if order.state == 'late' %}{{ order.total | default(refund.amount) | money }}{% endif %}"
    assert variables_of(source) == {"order.state", "order.total", "refund.amount"}


_PIECES = st.sampled_from(
    [
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        " order.number ",
        " if ",
        " endif ",
        "'",
        "|",
        "date",
        "(",
        ")",
        "[",
        "x",
        "\n",
        "__class__",
    ]
)


@settings(deadline=None, database=None)
@given(st.lists(_PIECES, max_size=14).map("".join))
def test_any_text_is_either_refused_or_rendered(source: str) -> None:
    macro = Macro("any", {"en": "any"}, {"en": source})
    if problems_of(source):
        with pytest.raises(RenderError):
            render(macro, Facts(), "en")
    else:
        assert "__class__" not in source or "__class__" in render(macro, Facts(), "en").text or "#" in source
