from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from helpdesk.web import bundle

ROOT = Path(__file__).parents[3]
LOADER_MOST, ALL_MOST = 10_000, 40_000  # bytes, gzipped, of everything that one visitor may load


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """A copy of the modules, bundled."""
    if not (ROOT / "node_modules" / "@esbuild").is_dir():
        pytest.skip("esbuild is not installed; run: make vendor")
    shutil.copytree(ROOT / "static" / bundle.SOURCES, tmp_path / bundle.SOURCES)
    bundle.build(ROOT / "node_modules", tmp_path)
    return tmp_path


def test_the_loader_and_all_that_a_visitor_may_load_are_small(static: Path) -> None:
    sizes = {
        path.name: len(gzip.compress(path.read_bytes(), 9))
        for path in (static / bundle.MADE).iterdir()
        if path.name != bundle.STAMP
    }
    assert sizes["loader.js"] <= LOADER_MOST
    words = {name: size for name, size in sizes.items() if name.startswith("words-")}
    assert len(words) == 2
    assert sum(sizes.values()) - min(words.values()) <= ALL_MOST, sizes


def test_every_file_that_the_widget_asks_for_is_made(static: Path) -> None:
    made = {path.name for path in (static / bundle.MADE).iterdir()}
    assert made == {*bundle.ENTRIES, bundle.STAMP}
    assert "DIGEST" in (static / bundle.MADE / "loader.js").read_text("utf-8")


def test_a_bundle_serves_until_a_module_changes(static: Path) -> None:
    assert bundle.is_fresh(static)
    (static / bundle.SOURCES / "home.js").write_text("export const home = 1;")
    assert not bundle.is_fresh(static)


def test_without_a_bundle_the_modules_are_served(tmp_path: Path) -> None:
    (tmp_path / bundle.SOURCES).mkdir()
    assert not bundle.is_fresh(tmp_path)


def test_a_mistake_in_a_module_is_told_and_leaves_no_bundle_behind(static: Path) -> None:
    (static / bundle.SOURCES / "home.js").write_text("export const = 1;")
    with pytest.raises(OSError, match=r"home\.js"):
        bundle.build(ROOT / "node_modules", static)
    assert not bundle.is_fresh(static)


def test_a_machine_without_esbuild_is_told(static: Path) -> None:
    with pytest.raises(OSError, match="no esbuild"):
        bundle.build(static / "nowhere", static)
