"""What axe-core finds on a page that stands still: no colour half-way to another one, nothing that is being loaded."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"], "iframes": False, "preload": False}
WITHIN = 10_000  # milliseconds; what moves for longer by itself is a fault of its own
FIND = """async ([place, options]) => {
  const found = await axe.run(place ?? document, options);
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target} ${node.failureSummary}`));
}"""
# Still twice in a row, a picture apart: what begins with the next one is not missed. A wheel may turn for ever.
STILL = """async (within) => {
  const below = (root) => [...root.querySelectorAll("*")].flatMap((one) => one.shadowRoot ? roots(one.shadowRoot) : []);
  const roots = (root) => [root, ...below(root)];
  const ends = (one) => one.playState === "running" && one.effect?.getComputedTiming().endTime !== Infinity;
  const moving = () => roots(document).flatMap((root) => root.getAnimations()).filter(ends);
  const loading = () => [...document.querySelectorAll(".htmx-request, .htmx-swapping, .htmx-settling, .is-sending")];
  const restless = () => [...loading(), ...moving().map((one) => one.effect.target)].map((one) => one.outerHTML);
  const end = performance.now() + within;
  for (let still = 0; still < 2; still = restless().length ? 0 : still + 1) {
    if (performance.now() > end) return restless();
    await new Promise((done) => requestAnimationFrame(done));
  }
  return [];
}"""


def needed() -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed; run: make vendor")


def find(page: Page, place: str | dict[str, Any] | None = None) -> list[str]:
    """`place` is a selector or one of axe's contexts; by default the whole document."""
    needed()
    still(page)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_source())
    found: list[str] = page.evaluate(FIND, [place, OPTIONS])
    return found


def still(page: Page) -> None:
    """Nothing moves and nothing is under way."""
    restless = page.evaluate(STILL, WITHIN)
    assert restless == [], "the page does not come to rest"


@cache
def _source() -> str:
    return AXE.read_text(encoding="utf-8")
