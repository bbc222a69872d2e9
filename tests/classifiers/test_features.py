from __future__ import annotations

from classifiers.features import analyze_chars, analyze_words, char_terms, placed_char_terms, tokens


def test_latin_words_and_other_runs_are_apart() -> None:
    assert tokens("sサイズ it's 0日 ok!") == ["s", "サイズ", "it's", "0日", "ok", "!"]


def test_words_come_alone_and_in_pairs() -> None:
    assert analyze_words("where is 0") == ["where", "is", "0", "where is", "is 0"]


def test_japanese_has_no_words() -> None:
    assert analyze_words("返品したい") == []


def test_a_latin_word_keeps_its_edges() -> None:
    assert char_terms("ok") == [" o", "ok", "k ", " ok", "ok ", " ok "]


def test_single_kanji_count() -> None:
    assert analyze_chars("返品") == ["返", "品", "返品"]


def test_placed_pieces_are_the_pieces() -> None:
    for token in ("refund", "返金して", "!"):
        assert [term for term, _ in placed_char_terms(token)] == char_terms(token)
