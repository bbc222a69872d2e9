from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.errors import RenderError
from macros.facts import Brand, Customer, Facts, Money, Order, Points, Product, Refund, Shipment
from macros.macro import Action, Frame, Macro
from macros.render import MAX_DRAFT, Span, mark, render, unresolved

NAMES = {"ja": "試し", "en": "try"}


def _macro(en: str, ja: str = "", subject: str = "", actions: tuple[Action, ...] = ()) -> Macro:
    body = {"en": en, "ja": ja} if ja else {"en": en}
    return Macro("try", NAMES, body, subject={"en": subject} if subject else {}, actions=actions)


def test_a_missing_fact_is_marked_listed_and_found_again() -> None:
    draft = render(_macro("Order {{ order.number }} of {{ order.placed_on | date }}"), Facts(), "en")
    assert draft.text == "Order 〔order.number〕 of 〔order.placed_on〕"
    assert draft.missing == ("order.number", "order.placed_on")
    assert unresolved(draft.text) == ("〔order.number〕", "〔order.placed_on〕")
    assert not draft.ready


def test_an_empty_text_counts_as_missing() -> None:
    facts = Facts(order=Order(number=" "))
    assert render(_macro("{{ order.number }}"), facts, "en").missing == ("order.number",)


@pytest.mark.parametrize(
    "source",
    [
        "{{ order.number or 'your order' }}",
        "{{ order.number | default('your order') }}",
        "{{ order.total | money | default('your order') }}",
        "{% if order.number %}{{ order.number }}{% else %}your order{% endif %}",
        "{{ order.number if order.number is defined else 'your order' }}",
        "{% if points.balance > 5 or 5 < points.balance %}x{% else %}your order{% endif %}",
        "{% if order.promised_on < shipment.expected_on %}x{% else %}your order{% endif %}",
        "{% if order.promised_on == shipment.expected_on %}x{% else %}your order{% endif %}",
    ],
)
def test_a_fallback_leaves_nothing_missing(source: str) -> None:
    draft = render(_macro(source), Facts(), "en")
    assert (draft.text, draft.missing) == ("your order", ())


def test_zero_is_a_fact() -> None:
    facts = Facts(points=Points(balance=0), order=Order(total=Money(0, "JPY")))
    draft = render(_macro("{{ points.balance }} {{ order.total }}"), facts, "en")
    assert (draft.text, draft.missing) == ("0 ¥0", ())


def test_spans_cover_exactly_what_was_filled() -> None:
    facts = Facts(order=Order(number="A-7", total=Money(12800, "JPY")))
    draft = render(_macro("  No {{ order.number }}: {{ order.total }}, {{ refund.on }}\n"), facts, "en")
    assert draft.text == "No A-7: ¥12,800, 〔refund.on〕"
    assert draft.spans == (
        Span(3, 6, "order.number"),
        Span(8, 15, "order.total"),
        Span(17, 28, "refund.on", missing=True),
    )


def test_dates_and_money_follow_the_language() -> None:
    body = "{{ refund.amount }} {{ refund.on }}"
    facts = Facts(refund=Refund(amount=Money(980, "JPY"), on=date(2026, 1, 5)))
    assert render(_macro(body, body), facts, "ja").text == "¥980 2026年1月5日(月)"
    assert render(_macro(body, body), facts, "en").text == "¥980 Mon, Jan 5, 2026"


def test_a_language_the_macro_lacks_falls_back_to_english_and_says_so() -> None:
    assert render(_macro("hello", "こんにちは"), Facts(), "ko").lang == "en"
    assert render(_macro("hello", "こんにちは"), Facts(), "ja-JP").lang == "ja"
    only_ja = Macro("ja", NAMES, {"ja": "こんにちは"})
    assert render(only_ja, Facts(), "en").lang == "ja"


def test_greeting_and_sign_off_stand_around_the_body() -> None:
    frame = Frame({"en": "Hi {{ customer.salutation }},\n"}, {"en": "\n{{ brand.name }}\n"})
    macro = Macro("framed", NAMES, {"en": "Hello.\n"}, frame=frame)
    facts = Facts(customer=Customer(given_name="Hannah"), brand=Brand(name="Tomoshibi"))
    assert render(macro, facts, "en").text == "Hi Hannah,\nHello.\nTomoshibi"


def test_a_subject_stays_on_one_line_and_its_holes_count() -> None:
    macro = _macro("x", subject="About {{ product.name }}, {{ order.number }}")
    draft = render(macro, Facts(product=Product(name="tea\r\nBcc: all@customer.example")), "en")
    assert draft.subject == "About tea Bcc: all@customer.example, 〔order.number〕"
    assert draft.missing == ("order.number",)
    assert render(_macro("x"), Facts(), "en").subject is None


def test_the_points_named_are_the_points_granted() -> None:
    macro = _macro("{{ points.granted }} points", actions=(Action("grant_points", 500, "late_delivery"),))
    facts = Facts(points=Points(granted=9))
    assert render(macro, facts, "en").text == "500 points"
    chosen = render(macro, facts, "en", points=800)
    assert chosen.text == "800 points"
    assert [action.value for action in chosen.actions] == [800]
    assert all(action.confirm for action in chosen.actions)


def test_code_in_a_name_is_text() -> None:
    facts = Facts(customer=Customer(name="{{ order.number }}", given_name="{{ 7 * 7 }}{% if x %}"))
    draft = render(_macro("Hi {{ customer.salutation }} / {{ customer.name }}"), facts, "en")
    assert draft.text == "Hi {{ 7 * 7 }}{% if x %} / {{ order.number }}"
    assert draft.missing == ()


@settings(deadline=None, database=None)
@given(st.text(min_size=1).filter(str.strip))
def test_any_name_arrives_unchanged_inside_its_span(name: str) -> None:
    draft = render(_macro("Dear {{ customer.name }}."), Facts(customer=Customer(name=name)), "en")
    assert draft.text == f"Dear {name}."
    assert [draft.text[span.start : span.end] for span in draft.spans] == [name]


@settings(deadline=None, database=None)
@given(st.text())
def test_looking_for_left_overs_never_fails(text: str) -> None:
    assert all(found in text for found in unresolved(text))


@pytest.mark.parametrize(
    "text",
    [
        "Hi {{ order.number }}",
        "Hi {{order.number",
        "{% if x %}",
        "Hi 〔order.number〕!",
        "{{}}",
        "〔order.number",
        "order.number〕",
    ],
)
def test_left_over_code_and_marks_are_found(text: str) -> None:
    assert unresolved(text)


@pytest.mark.parametrize("text", ["", "〔重要〕お知らせ", "{ color: red }", "100 % {sure}", "〔3.5〕"])
def test_ordinary_brackets_are_left_alone(text: str) -> None:
    assert unresolved(text) == ()


def test_every_variable_has_a_mark_that_is_found() -> None:
    assert unresolved(mark("shipment.last_scan_on")) == ("〔shipment.last_scan_on〕",)


def test_a_draft_too_long_to_send_is_refused() -> None:
    with pytest.raises(RenderError, match="shorten"):
        render(_macro("{{ product.name }}"), Facts(product=Product(name="x" * (MAX_DRAFT + 1))), "en")


def test_facts_of_two_kinds_are_named_not_crashed_on() -> None:
    facts = Facts(
        order=Order(promised_on=date(2026, 1, 5)),
        shipment=Shipment(expected_on=datetime(2026, 1, 5, 9)),  # noqa: DTZ001
    )
    with pytest.raises(RenderError, match="check the facts"):
        render(_macro("{% if order.promised_on < shipment.expected_on %}x{% endif %}"), facts, "en")
