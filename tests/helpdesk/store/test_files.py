from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from helpdesk.errors import NotFound
from helpdesk.store.files import Files


def test_the_same_bytes_are_kept_once_under_their_digest(tmp_path: Path) -> None:
    files = Files(tmp_path)
    digest = files.put(b"photo")
    assert digest == files.put(b"photo") == hashlib.sha256(b"photo").hexdigest()
    assert files.get(digest) == b"photo"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [digest]


def test_a_lost_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="restore"):
        Files(tmp_path).get("ab" * 32)
