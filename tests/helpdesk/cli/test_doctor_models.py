"""`helpdesk doctor` tells of a brand's model that cannot serve."""

from __future__ import annotations

import pytest

import classifiers
from helpdesk.cli.doctor import Check, examine
from helpdesk.models import Brand, ModelVersion
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.store.files import Files


@pytest.fixture
def stored(database: Database, brand: Brand, files: Files) -> str:
    """The file of the brand's second model, which serves."""
    digest = files.put(classifiers.BUILTIN.read_bytes())
    with database.write() as unit:
        unit.session.add(
            ModelVersion(brand_id=brand.pk, version=2, state="active", artifact=digest, created_at=unit.now)
        )
    return digest


def test_a_model_that_serves_is_named(stored: str, settings: Settings, brand: Brand) -> None:
    found = check(settings, brand)
    assert found.good and found.words == "version 2"


def test_a_damaged_file_is_bad_and_says_what_to_do(
    stored: str, settings: Settings, brand: Brand, files: Files
) -> None:
    files.path(stored).write_bytes(b"no model")
    found = check(settings, brand)
    assert not found.good and "built-in model serves" in found.words and "train again" in found.words


def test_a_missing_file_is_bad(stored: str, settings: Settings, brand: Brand, files: Files) -> None:
    files.drop(stored)
    assert not check(settings, brand).good


def test_a_brand_without_a_model_is_no_line(settings: Settings, database: Database, brand: Brand) -> None:
    assert not [one for one in examine(settings) if one.name.startswith("classifier of")]


def check(settings: Settings, brand: Brand) -> Check:
    [found] = [one for one in examine(settings) if one.name == f"classifier of {brand.name}"]
    return found
