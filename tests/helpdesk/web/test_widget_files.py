from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from helpdesk.web import assets


@pytest.fixture
def browser_of_a_shop(browser: Callable[..., TestClient]) -> TestClient:
    """Nobody of ours, from another origin."""
    client = browser()
    client.headers["origin"] = "https://shop.example"
    client.headers["sec-fetch-site"] = "cross-site"
    return client


def test_the_loader_names_the_modules_of_this_version_and_is_asked_for_again_soon(
    browser_of_a_shop: TestClient,
) -> None:
    answer = browser_of_a_shop.get("/widget.js")
    assert answer.status_code == 200
    assert f"widget/{assets.digest()}/" in answer.text
    assert "max-age=300" in answer.headers["cache-control"]
    again = browser_of_a_shop.get("/widget.js", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_modules_may_be_imported_by_any_origin_and_kept_for_ever(browser_of_a_shop: TestClient) -> None:
    answer = browser_of_a_shop.get(f"/widget/{assets.digest()}/chat.js")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "immutable" in answer.headers["cache-control"]
    assert "set-cookie" not in answer.headers


def test_a_module_of_an_older_version_is_not_kept(browser_of_a_shop: TestClient) -> None:
    answer = browser_of_a_shop.get("/widget/000000000000/chat.js")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"


def test_nothing_else_is_given_out(browser_of_a_shop: TestClient) -> None:
    for name in ("nothing.js", "chat", "..%2f..%2fjs%2fapp.js", "icon.svg"):
        assert browser_of_a_shop.get(f"/widget/{assets.digest()}/{name}").status_code == 404
