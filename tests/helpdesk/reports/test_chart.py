"""Charts are shapes with a name and a description, and nothing the content policy would refuse."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from helpdesk.reports import chart


def test_a_chart_has_a_name_a_description_and_a_bar_for_each_value() -> None:
    made = chart.bars([3, 0, 10], [1, 2, 3], ["a", "b <c>", "d"], title="Days & more", text="What it shows")
    svg = ElementTree.fromstring(str(made.svg))
    assert svg.get("role") == "img"
    assert [svg[0].text, svg[1].text] == ["Days & more", "What it shows"]
    assert len([one for one in svg.iter("rect") if one.get("class") == "bar"]) == 3
    assert "style" not in str(made.svg)
    assert made.top == 10


@pytest.mark.parametrize(
    ("value", "top"), [(0, 2), (2, 2), (3, 4), (5, 10), (11, 20), (40, 40), (41, 100), (101, 200)]
)
def test_the_upper_edge_is_a_round_even_number(value: int, top: int) -> None:
    assert chart.ceiling(value) == top


def test_no_values_make_an_empty_chart() -> None:
    made = chart.bars([], [], [], title="t", text="d")
    assert "polyline" not in str(made.svg)
    assert chart.share(0, 0).count("<rect") == 1
