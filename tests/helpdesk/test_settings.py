"""The settings, and that docs/settings.md tells the truth about them."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk.errors import Misconfigured
from helpdesk.settings import Settings, load

DOCS = Path(__file__).parents[2] / "docs" / "settings.md"


def test_the_docs_name_every_setting_with_its_default_and_meaning() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=False)
        shown = default.get_secret_value() if hasattr(default, "get_secret_value") else str(default)
        line = next((one for one in text.splitlines() if one.startswith(f"| `HELPDESK_{name.upper()}`")), "")
        assert line, f"HELPDESK_{name.upper()} is missing"
        assert field.description and field.description in line
        assert (f"`{shown}`" if shown else "empty") in line


def test_the_docs_name_no_setting_that_is_gone() -> None:
    rows = [line for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("| `HELPDESK_")]
    assert len(rows) == len(Settings.model_fields)


def test_a_value_can_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file\n")
    monkeypatch.setenv("HELPDESK_SECRET_KEY_FILE", str(tmp_path / "key"))
    assert load().secret_key.get_secret_value() == "from a file"


def test_the_variable_itself_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("file")
    monkeypatch.setenv("HELPDESK_SECRET_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("HELPDESK_SECRET_KEY", "variable")
    assert load().secret_key.get_secret_value() == "variable"


def test_a_wrong_value_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELPDESK_SESSION_DAYS", "soon")
    with pytest.raises(Misconfigured, match="HELPDESK_SESSION_DAYS is wrong"):
        load()


def test_a_missing_file_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HELPDESK_SECRET_KEY_FILE", str(tmp_path / "nothing"))
    with pytest.raises(Misconfigured, match="cannot be read"):
        load()


def test_a_postgres_url_gets_its_driver() -> None:
    assert Settings(database_url="postgresql://u@h/d").url == "postgresql+psycopg://u@h/d"
