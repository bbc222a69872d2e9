from __future__ import annotations

from classifiers.tags import TAG_IDS, TAGS, name


def test_there_are_twenty_nine_distinct_tags() -> None:
    assert len(set(TAG_IDS)) == 29


def test_every_tag_has_both_names_and_a_definition() -> None:
    assert all(tag.ja and tag.en and tag.definition and tag.base_urgency in (0, 1, 2, 3) for tag in TAGS)
    assert len({tag.ja for tag in TAGS}) == len({tag.en for tag in TAGS}) == 29


def test_names_follow_the_language_and_own_tags_name_themselves() -> None:
    assert (name("refund", "ja"), name("refund", "en"), name("own", "ja")) == ("返金", "Refund", "own")
