from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from helpdesk.channels.guarded import fetch, is_public
from helpdesk.errors import HelpdeskError, Rejected, Unavailable
from tests.fakes.serving import serving

INSIDE = (
    *("127.0.0.1", "10.0.0.8", "192.168.1.1", "169.254.169.254", "0.0.0.0", "224.0.0.1"),
    *("::1", "fe80::1", "::ffff:127.0.0.1", "fd00::1"),
)


def get(url: str, *, most: int = 1000, trusted: tuple[str, ...] = ()) -> tuple[bytes, str]:
    return asyncio.run(fetch(url, most=most, trusted=trusted))


@pytest.fixture
def server() -> Iterator[str]:
    async def answer(request: Request) -> Response:
        path = request.url.path
        if path == "/inside":
            return RedirectResponse("http://127.0.0.1:1/secret")
        if path == "/round":
            return RedirectResponse("/round")
        if path == "/gone":
            return Response(status_code=404)
        return Response(b"x" * int(request.query_params.get("n", 3)), media_type="image/png; charset=x")

    with serving(Starlette(routes=[Route("/{path:path}", answer)])) as address:
        yield f"http://{address}"


def test_a_file_comes_with_its_type(server: str) -> None:
    assert get(f"{server}/a", trusted=(server,)) == (b"xxx", "image/png")


def test_a_file_that_is_too_large_is_not_read_to_its_end(server: str) -> None:
    with pytest.raises(Rejected, match="larger"):
        get(f"{server}/a?n=5000000", trusted=(server,))


@pytest.mark.parametrize("path", ["inside", "round", "gone"])
def test_a_redirect_leads_nowhere_else(server: str, path: str) -> None:
    with pytest.raises(Rejected):
        get(f"{server}/{path}", trusted=(server,))


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/a",
        "https://127.0.0.1/a",
        "https://[::1]/a",
        "https://2130706433/a",
        "https://user@example.com/a",
        "https://example.com:8443/a",
        "file:///etc/passwd",
        "https:///a",
        "",
    ],
)
def test_what_is_not_public_is_not_asked(url: str) -> None:
    with pytest.raises(HelpdeskError):
        get(url)


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_are_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888"])
def test_public_addresses_are_known(address: str) -> None:
    assert is_public(address)


def test_a_name_that_leads_inside_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of two answers suffices."""

    async def resolve(*_args: Any, **_more: Any) -> list[Any]:
        return [(0, 0, 0, "", (one, 443)) for one in ("8.8.8.8", "10.0.0.1")]

    async def go() -> None:
        loop = asyncio.get_running_loop()
        monkeypatch.setattr(loop, "getaddrinfo", resolve)
        await fetch("https://rebind.example/a", most=10)

    with pytest.raises(Rejected, match="public"):
        asyncio.run(go())


def test_a_name_that_is_not_known_is_for_later(monkeypatch: pytest.MonkeyPatch) -> None:
    async def go() -> None:
        loop = asyncio.get_running_loop()

        async def fail(*_args: Any, **_more: Any) -> list[Any]:
            raise socket.gaierror(-2, "no such name")

        monkeypatch.setattr(loop, "getaddrinfo", fail)
        await fetch("https://nowhere.example/a", most=10)

    with pytest.raises(Unavailable):
        asyncio.run(go())
