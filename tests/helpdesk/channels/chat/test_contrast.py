"""Ratios as the guidelines count them, and the ink that the widget takes."""

from __future__ import annotations

from helpdesk.channels.chat.contrast import contrast, ratio


def test_black_on_white_is_the_most_there_is() -> None:
    assert round(ratio("#000000", "#ffffff"), 1) == 21
    assert ratio("#777777", "#777777") == 1


def test_a_dark_colour_takes_white_words_and_a_pale_one_dark_words() -> None:
    dark, pale = contrast("#0b6b62"), contrast("#ffd84d")
    assert (dark.ink, dark.visible) == ("#ffffff", True)
    assert (pale.ink, pale.visible) == ("#1c1b19", False)
    assert min(dark.words, pale.words) >= 4.5


def test_words_can_be_read_on_every_grey() -> None:
    for part in range(256):
        assert contrast(f"#{part:02x}{part:02x}{part:02x}").words >= 4.5
