"""The panes of the desk as a browser remembers them."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from helpdesk.models import Brand
from helpdesk.web import panes


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("panes/list-400.css", ":root { --list-width: 400px; }\n"),
        ("panes/views-9999.side-1.css", ":root { --views-width: 320px; }\n"),
        ("panes/views-999.side-10.css", ":root { --views-width: 320px; --side-width: 240px; }\n"),
        ("panes/list-folded.css", None),
        ("panes/list-400px;}.css", None),
        ("panes/.css", None),
    ],
)
def test_a_style_sheet_says_widths_within_their_limits_and_nothing_else(path: str, said: str | None) -> None:
    found = panes.style(path)
    assert (found.decode() if found else None) == said


def test_the_page_is_drawn_as_it_was_left(brand: Brand, client: TestClient) -> None:
    client.cookies["panes"] = "views-180.list-400.side-folded"
    page = client.get("/").text
    assert 'data-side="folded"' in page
    assert 'aria-valuenow="400"' in page
    sheet = page.split("/panes/")[1].split('"')[0]
    assert sheet == "views-180.list-400.css"
    assert "--list-width: 400px" in client.get(f"/assets/x/panes/{sheet}").text


def test_without_a_memory_nothing_is_asked_for(brand: Brand, client: TestClient) -> None:
    client.cookies["panes"] = "views-<b>.list-.x"
    page = client.get("/").text
    assert "/panes/" not in page
    assert "folded" not in page.split("</head>")[0]
