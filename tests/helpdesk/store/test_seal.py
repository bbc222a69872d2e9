from __future__ import annotations

import stat
from pathlib import Path

import pytest

from helpdesk.errors import Misconfigured
from helpdesk.store import seal
from helpdesk.store.seal import Seal


def test_what_is_sealed_is_unreadable_and_opens_again() -> None:
    closed = Seal("one").close({"password": "hinoki"})
    assert "hinoki" not in closed
    assert Seal("one").open(closed) == {"password": "hinoki"}
    assert Seal("one").open("") == {}


def test_another_key_says_what_to_do() -> None:
    with pytest.raises(Misconfigured, match="HELPDESK_SECRET_KEY"):
        Seal("two").open(Seal("one").close({"a": 1}))


def test_a_signature_holds_for_its_purpose_and_key_alone() -> None:
    signature = Seal("one").sign("reply", "ticket")
    assert Seal("one").signed("reply", "ticket", signature)
    assert Seal("one").signed("reply", "ticket", signature.upper())
    for key, purpose, value in (
        ("two", "reply", "ticket"),
        ("one", "other", "ticket"),
        ("one", "reply", "ticket2"),
    ):
        assert not Seal(key).signed(purpose, value, signature)
    assert not Seal("one").signed("reply", "ticket", "")
    assert not Seal("one").signed("reply", "ticket", signature[:8][:4])


def test_a_fresh_folder_gets_a_key_that_stays_and_only_its_owner_reads(tmp_path: Path) -> None:
    first = seal.load("", tmp_path / "new")
    assert seal.load("", tmp_path / "new").sign("a", "b") == first.sign("a", "b")
    assert stat.S_IMODE((tmp_path / "new" / seal.KEY_FILE).stat().st_mode) == 0o600
