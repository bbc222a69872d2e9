from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk.cli import FAMILIES, main

MAIL = b"From: =?utf-8?b?5L2Q6Jek?= <sato@example.com>\r\nSubject: hello\r\n\r\nhi\r\n"


@pytest.mark.parametrize("family", FAMILIES)
def test_every_command_explains_itself(family: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([family, "--help"])
    assert stopped.value.code == 0
    assert family in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["dance"], ["user"], ["user", "add"], ["serve", "--port", "many"]])
def test_wrong_usage_is_exit_code_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 2


def test_mail_parse_prints_one_object_a_line_in_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.eml").write_bytes(MAIL)
    (tmp_path / "list").write_text(f"{tmp_path / 'none.eml'}\n{tmp_path / 'a.eml'}\n")
    assert main(["mail", "parse", "--files-from", str(tmp_path / "list")]) == 1
    none, mail = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert "cannot be opened" in none["problems"][0]
    assert mail["from"] == {"name": "佐藤", "address": "sato@example.com"}


def test_a_failure_is_one_line_that_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["user", "password", "nobody@example.com", "--data", str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert told == "helpdesk: nobody has the address nobody@example.com; see: helpdesk user list\n"


def test_an_account_made_at_the_console_is_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("a long enough password\n"))
    words = ["user", "add", "mari@example.com", "--name", "Mari", "--role", "admin", "--password-stdin"]
    assert main([*words, "--data", str(tmp_path)]) == 0
    assert "password" not in capsys.readouterr().out
    assert main(["user", "list", "--json", "--data", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"email": "mari@example.com", "name": "Mari", "role": "admin", "active": True}
    ]


def test_migrating_twice_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "--data", str(tmp_path)]) == 0
    assert main(["migrate", "--data", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "the database was brought up to date",
        "the database is up to date",
    ]


def test_doctor_names_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json", "--data", str(tmp_path)]) == 1
    found = {check["name"]: check for check in json.loads(capsys.readouterr().out)}
    assert found["database"]["good"]
    assert found["migrations"]["words"] == "missing; run: helpdesk migrate"


def test_serving_loads_neither_scikit_learn_nor_scipy() -> None:
    code = (
        "import sys, helpdesk.cli.serve, helpdesk.cli.work; "
        "print(sorted(name for name in sys.modules if name in ('sklearn', 'scipy', 'pytest')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_reading_mail_files_loads_no_web() -> None:
    code = (
        "import sys, helpdesk.cli.mail; "
        "print(sorted(name for name in sys.modules if name in ('starlette', 'uvicorn', 'alembic', 'numpy')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
