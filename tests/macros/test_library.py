"""The macros that come with the program are fit to be sent, in both languages."""

from __future__ import annotations

import re

import pytest

from macros.catalog import Catalog
from macros.facts import ORDER_STATES, VARIABLES, Facts
from macros.macro import Macro
from macros.render import render
from macros.sample import sample_facts

TAGS = {
    "order_status", "delivery_options", "cancel_order", "change_order", "change_address", "return",
    "exchange", "refund", "damaged_item", "wrong_item", "missing_item", "subscription_skip",
    "subscription_cancel", "payment", "invoice_receipt", "discount_code", "loyalty_points",
    "product_question", "stock_availability", "size_fit", "account_login", "account_change",
    "newsletter", "complaint", "feedback_review", "wholesale_partnership", "human_agent", "spam",
    "no_reply_needed",
}  # fmt: skip
# Forms a careful reader of Japanese business mail stumbles over: double honorifics and part-time-job phrases.
STUMBLES = re.compile(
    "おっしゃられ|ご覧になられ|お伺いさせて|拝見させて|頂戴いただ|させて頂|させていただ|了解"
    "|よろしかったでしょうか|のほうをご|のほうでご|各位様|ご苦労|ご連絡させ|貴方|あなた"
)

BUILTIN = list(Catalog.load_builtin())


@pytest.fixture(params=BUILTIN, ids=lambda macro: macro.key)
def macro(request: pytest.FixtureRequest) -> Macro:
    assert isinstance(request.param, Macro)
    return request.param


def test_tags_are_known_and_each_answerable_tag_has_a_macro() -> None:
    used = {tag for macro in BUILTIN for tag in macro.tags}
    assert used <= TAGS
    assert TAGS - used == {"spam"}
    assert {state for macro in BUILTIN for state in macro.states} == set(ORDER_STATES)


def test_every_macro_says_when_to_use_it(macro: Macro) -> None:
    assert set(macro.description) == set(macro.name) == {"ja", "en"}
    assert macro.tags


def test_names_are_told_apart() -> None:
    for lang in ("ja", "en"):
        assert len({macro.title(lang) for macro in BUILTIN}) == len(BUILTIN)


def test_nothing_is_said_in_the_other_language(macro: Macro) -> None:
    english = render(macro, sample_facts("en"), "en")
    assert not re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", f"{english.subject}{english.text}")
    japanese = render(macro, sample_facts("ja"), "ja").text
    assert not re.search(r"\b(the|your|order|please|and)\b", japanese)


def test_the_japanese_has_no_form_readers_stumble_over(macro: Macro) -> None:
    japanese = render(macro, sample_facts("ja"), "ja")
    assert STUMBLES.findall(f"{japanese.subject}{japanese.text}") == []


def test_mail_greets_and_signs_and_chat_does_not(macro: Macro) -> None:
    for lang, greeting, name in (("ja", "山田 花子様\n", "佐藤 芽衣"), ("en", "Hi Hannah,\n", "Mei Sato")):
        mail = render(macro, sample_facts(lang, "email"), lang).text
        assert mail.startswith(greeting)
        assert name in mail.splitlines()[-1 if lang == "ja" else -2]
        chat = render(macro, sample_facts(lang, "chat"), lang).text
        assert not chat.startswith(greeting)
        assert name not in chat


def test_without_facts_each_hole_is_a_variable_of_the_schema(macro: Macro) -> None:
    for lang in ("ja", "en"):
        assert set(render(macro, Facts(), lang).missing) <= set(VARIABLES)
