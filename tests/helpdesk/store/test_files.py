from __future__ import annotations

import hashlib
import resource
from collections.abc import Iterator
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


def test_a_damaged_one_is_mended_by_the_same_bytes(tmp_path: Path) -> None:
    files = Files(tmp_path)
    digest = files.put(b"photo")
    files.path(digest).write_bytes(b"ph")
    assert files.put(b"photo") == digest
    assert files.get(digest) == b"photo"


def test_a_lost_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="restore"):
        Files(tmp_path).get("ab" * 32)


@pytest.fixture
def little_room() -> Iterator[None]:
    """No file may grow beyond a thousand bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_does_not_fit_leaves_no_half_behind(tmp_path: Path, little_room: None) -> None:
    files = Files(tmp_path)
    with pytest.raises(OSError, match="too large"):
        files.put(b"x" * 5000)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files.get(files.put(b"small")) == b"small"
