"""Messages of new kinds among others: they come together, with words that people read; nothing else does."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from pathlib import Path

import pytest

from classifiers import Row, read_corpus, topics
from classifiers.topics import Message, Topic
from tests.classifiers.new_topics import (
    ENGLISH,
    FAKE_SHOP,
    JAPANESE,
    OTHERS_EN,
    OTHERS_JA,
    SHARPENING,
    WORKSHOP,
)


@pytest.fixture(scope="module")
def usual() -> list[Row]:
    """A part of what customers write anyway."""
    return read_corpus()[::7]


def messages(texts: Iterable[str], lang: str, *, first: int = 0, writer: str = "") -> list[Message]:
    return [Message(at, writer or f"w{at}", text, lang) for at, text in enumerate(texts, first)]


def best(found: Iterable[Topic], wanted: set[int]) -> set[int]:
    """The topic that covers most of these."""
    return max(
        ({pk for pk, _ in one.members} for one in found), key=lambda ids: len(ids & wanted), default=set()
    )


def test_each_new_thing_becomes_a_topic_named_by_its_own_words(usual: list[Row]) -> None:
    texts = [text for some in JAPANESE.values() for text in some] + list(OTHERS_JA)
    found = topics.find(messages(texts, "ja"), usual)
    first = 0
    for wanted, word in zip(JAPANESE.values(), ("研ぎ直し", "ふるさと納税", "偽サイト"), strict=True):
        ids = set(range(first, first + len(wanted)))
        first += len(wanted)
        there = best(found, ids)
        assert len(there & ids) >= 0.7 * len(ids) and len(there & ids) >= 0.9 * len(there), word
        topic = next(one for one in found if {pk for pk, _ in one.members} == there)
        assert word in topic.phrases[0]
    assert len(found) <= 4


def test_languages_do_not_mix_and_english_phrases_are_whole_words(usual: list[Row]) -> None:
    texts = [*ENGLISH["workshop"], *OTHERS_EN]
    found = topics.find([*messages(texts, "en"), *messages(SHARPENING, "ja", first=100)], usual)
    assert sorted(one.lang for one in found) == ["en", "ja"]
    english = next(one for one in found if one.lang == "en")
    assert {pk for pk, _ in english.members} <= set(range(len(WORKSHOP)))
    assert any("workshop" in phrase.split() for phrase in english.phrases)
    assert not {"the", "is", "how"} & {phrase.split()[0] for phrase in english.phrases}


def test_four_are_no_topic_nor_are_many_messages_of_one_person(usual: list[Row]) -> None:
    assert topics.find(messages([*SHARPENING[:4], *OTHERS_JA], "ja"), usual) == []
    assert (
        topics.find(messages([*FAKE_SHOP], "ja", writer="one") + messages(OTHERS_JA, "ja", first=50), usual)
        == []
    )


def test_what_only_one_person_says_is_no_phrase(usual: list[Row]) -> None:
    texts = [f"{text} 田中一郎と申します" if at < 2 else text for at, text in enumerate(SHARPENING)]
    (topic,) = topics.find(messages(texts, "ja"), usual)
    assert not any("田中" in phrase for phrase in topic.phrases)
    assert not any("田" in term for term in topic.centre)


def test_order_changes_nothing_but_order(usual: list[Row]) -> None:
    here = messages([*SHARPENING, *FAKE_SHOP, *OTHERS_JA], "ja")
    mixed = random.Random(1).sample(here, len(here))
    once, again = (
        {frozenset(pk for pk, _ in one.members) for one in topics.find(some, usual)} for some in (here, mixed)
    )
    assert once == again and topics.find(here, usual) == topics.find(here, usual)


@pytest.mark.parametrize(
    "text", ["", " ", "!!!", "\ud83d", "\x00" * 9, "あ" * 5000, "0" * 9, "https://a.example/"]
)
def test_any_text_may_stand_there(usual: list[Row], text: str) -> None:
    topics.find(messages([text] * 8, "ja") + messages([text] * 8, "en", first=20), usual)
    assert topics.find([], usual) == []


def test_the_command_reads_a_folder_and_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "few.jsonl").write_text(
        json.dumps({"text": "返品したい", "lang": "ja", "tags": ["return"]}) + "\n"
    )
    rows = [
        {"id": at, "writer": at, "subject": "", "text": text, "lang": "ja"}
        for at, text in enumerate(SHARPENING)
    ]
    (tmp_path / "messages.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert topics.main([str(tmp_path), "--corpus", str(corpus)]) == 0
    (found,) = json.loads((tmp_path / "topics.json").read_text())
    assert len(found["members"]) >= 8 and found["members"][0][1] == 1.0
    (tmp_path / "messages.jsonl").write_text('{"id": 1}\n')
    assert topics.main([str(tmp_path), "--corpus", str(corpus)]) == 1
    assert "writer" in capsys.readouterr().err
