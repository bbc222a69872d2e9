from __future__ import annotations

import pytest

from classifiers.language import detect, settle


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("荷物はどこ", "ja"),
        ("返品", "ja"),
        ("ﾆﾓﾂ", "ja"),
        ("Where is my parcel", "en"),
        ("ｗｈｅｒｅ", "en"),
        ("Do you sell 抹茶 powder in Europe?", "en"),
        ("iPhone 15 Pro 用のケースはありますか", "ja"),
    ],
)
def test_the_script_tells_the_language(text: str, expected: str) -> None:
    assert detect(text, default="xx") == expected


@pytest.mark.parametrize("text", ["", "12345", "🙏", "\ud800", "!?"])
def test_text_without_letters_gets_the_default(text: str) -> None:
    assert detect(text, default="en") == "en"


def test_a_given_language_is_taken_by_its_first_part() -> None:
    assert settle("EN_us", "返品") == "en"


def test_a_language_that_is_not_ours_is_detected() -> None:
    assert settle("fr", "返品") == "ja"
