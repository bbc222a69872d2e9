from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from helpdesk.channels.guarded import _request, fetch, is_public
from helpdesk.channels.http import open_http
from helpdesk.errors import HelpdeskError, Rejected, Unavailable
from tests.fakes.serving import serving

INSIDE = (
    *("127.0.0.1", "10.0.0.8", "192.168.1.1", "169.254.169.254", "0.0.0.0", "224.0.0.1"),
    *("::1", "fe80::1", "::ffff:127.0.0.1", "fd00::1", "::7f00:1", "::ffff:10.0.0.1", "2002:7f00:1::"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "100.64.0.1", "198.18.0.1", "192.0.2.1"),
    *("fe80::1%eth0", "ff02::1", "255.255.255.255", "240.0.0.1"),
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
        "https://0x7f000001/a",
        "https://0177.0.0.1/a",
        "https://127.1/a",
        "https://[::ffff:7f00:1]/a",
        "https://[::7f00:1]/a",
        "https://localhost/a",
        "https://[::1/a",
        "https://a..b/",
        "https://example.com:99999/",
        "https://example.com:http/",
        "https://" + "a" * 300 + ".example/",
        "https://ex\u2024ample.com\u2044@127.0.0.1/",
        "https://127.0.0.1\\@example.com/",
        "https://\udcff.example/",
        "https://例え。テスト:0/",
        "//127.0.0.1/a",
        "HTTPS://127.0.0.1/a",
        "gopher://127.0.0.1/a",
        "https://\0/",
        "https://exa mple.com/\r\nHost: a",
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


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::808:808"])
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


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that says something else the next time is not asked again."""
    asked = []

    async def resolve(host: str, *_args: Any, **_more: Any) -> list[Any]:
        asked.append(host)
        return [(0, 0, 0, "", ("8.8.8.8" if len(asked) == 1 else "127.0.0.1", 443))]

    async def go() -> Any:
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
        async with open_http() as http:
            return await _request(http, "https://rebind.example/a?b=1", (), {"Authorization": "secret"})

    request = asyncio.run(go())
    assert asked == ["rebind.example"]
    assert str(request.url) == "https://8.8.8.8/a?b=1"
    assert request.headers["host"] == request.extensions["sni_hostname"] == "rebind.example"
    assert "authorization" not in request.headers


def test_what_proves_us_is_told_to_whom_we_trust_alone() -> None:
    heard: list[tuple[str, str | None]] = []

    async def answer(request: Request) -> Response:
        heard.append((request.url.path, request.headers.get("authorization")))
        if request.url.path == "/first":
            return RedirectResponse(f"http://{second}/next")
        return Response(b"x")

    app = Starlette(routes=[Route("/{path:path}", answer)])
    with serving(app) as first, serving(app) as second:
        both = (f"http://{first}", f"http://{second}")
        asyncio.run(fetch(f"{both[0]}/first", most=9, trusted=both, headers={"Authorization": "s"}))
        assert heard == [("/first", "s"), ("/next", "s")]
        with pytest.raises(Rejected, match="public"):
            asyncio.run(fetch(f"{both[0]}/first", most=9, trusted=both[:1], headers={"Authorization": "s"}))
        assert heard[2:] == [("/first", "s")]


def test_a_server_that_breaks_off_is_for_later() -> None:
    async def broken(scope: Any, receive: Any, send: Any) -> None:
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-encoding", b"gzip")]}
        )
        await send({"type": "http.response.body", "body": b"this is not packed"})

    with serving(broken) as address, pytest.raises(Unavailable):  # type: ignore[arg-type]
        get(f"http://{address}/a", trusted=(f"http://{address}",))


@given(st.text(max_size=60))
def test_no_address_breaks_the_guard(rest: str) -> None:
    """Whatever is behind the scheme: refused, without asking anybody."""

    async def refuse(*_args: Any, **_more: Any) -> list[Any]:
        raise socket.gaierror(-2, "no such name")

    async def go(url: str) -> None:
        asyncio.get_running_loop().getaddrinfo = refuse  # type: ignore[method-assign]
        await fetch(url, most=10)

    for url in (f"https://{rest}", rest):
        with pytest.raises((Rejected, Unavailable)):
            asyncio.run(go(url))
