"""The command prints one object a file, in order, whatever the files are."""

from __future__ import annotations

import io
import json
from pathlib import Path

from helpdesk.channels.email.command import parse_files


def test_each_file_is_one_line_in_order_and_a_missing_one_is_told(tmp_path: Path) -> None:
    first, second = tmp_path / "1.eml", tmp_path / "2.eml"
    first.write_bytes("Subject: 一\n\nx".encode())
    second.write_bytes(b"Subject: two\n\nline\xe2\x80\xa8end")
    out = io.StringIO()
    status = parse_files([str(first), str(tmp_path / "none.eml"), str(second), str(tmp_path)], out)
    said = [json.loads(line) for line in out.getvalue().rstrip("\n").split("\n")]
    assert status == 1 and [one.get("subject") for one in said] == ["一", None, "two", None]
    assert next(iter(said[0])) == "file" and set(said[1]) == {"file", "problems"}


def test_all_files_read_is_success(tmp_path: Path) -> None:
    (tmp_path / "1.eml").write_bytes(b"Subject: x\n\ny")
    assert parse_files([str(tmp_path / "1.eml")], io.StringIO()) == 0
