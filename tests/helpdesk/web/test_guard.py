from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from starlette.datastructures import Headers
from starlette.testclient import TestClient

from helpdesk.social import links
from helpdesk.store.seal import Seal
from helpdesk.web.guard import preferred, same_origin, shown


def test_pages_forbid_inline_scripts_styles_and_frames(client: TestClient) -> None:
    policy = client.get("/settings").headers["content-security-policy"]
    assert "unsafe" not in policy
    for rule in (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    ):
        assert rule in policy


def test_pages_are_not_kept_by_caches(client: TestClient) -> None:
    assert client.get("/settings").headers["cache-control"] == "no-store"


def test_every_answer_carries_the_number_of_the_request(browser: Callable[..., TestClient]) -> None:
    first, second = browser().get("/healthz"), browser().get("/nowhere")
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "http://help.example"}, False),
        ({"origin": "http://help.example"}, True),
        ({"origin": "http://help.example.evil.example"}, False),
        ({"origin": "null"}, False),
        ({}, True),
        ({"cookie": "helpdesk=x"}, False),
    ],
)
def test_same_origin_by_fetch_metadata_else_by_origin(headers: dict[str, str], allowed: bool) -> None:
    assert same_origin(Headers({"host": "help.example", **headers})) is allowed


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("ja,en;q=0.8", "ja"),
        ("fr-FR,en-GB;q=0.9,ja;q=0.5", "en"),
        ("en;q=0.2,ja-JP;q=0.9", "ja"),
        ("de", None),
        ("", None),
        ("en;q=nonsense", "en"),
    ],
)
def test_the_browsers_language_is_taken_by_its_weight(accepted: str, language: str | None) -> None:
    assert preferred(accepted) == language


def test_before_sign_in_the_page_speaks_the_browsers_language(browser: Callable[..., TestClient]) -> None:
    client = browser()
    assert '<html lang="en"' in client.get("/login").text
    assert '<html lang="ja"' in client.get("/login", headers={"accept-language": "ja"}).text


def test_a_chosen_language_is_remembered(browser: Callable[..., TestClient]) -> None:
    client = browser()
    client.get("/login?language=ja")
    assert '<html lang="ja"' in client.get("/login").text


def test_a_body_above_the_limit_is_refused(client: TestClient) -> None:
    assert client.post("/settings/profile", content=b"x" * 22_000_000).status_code == 413


def test_a_log_names_no_signature_that_opens_a_file(seal: Seal) -> None:
    url = links.url_of(seal, "https://help.example", "k1", "写真.jpg", now=datetime(2026, 1, 5, tzinfo=UTC))
    path = url.removeprefix("https://help.example")
    signed = path.split("/")[3]
    for given in (path, path.replace(signed, signed.upper())):
        assert shown({"path": given}) == given.replace(given.split("/")[3], "…")
    assert shown({"path": f"/line/link/k1/{signed}"}) == "/line/link/k1/…"
    assert shown({"path": "/tickets/abc/2026-01"}) == "/tickets/abc/2026-01"
