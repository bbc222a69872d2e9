"""Addresses that came in a message are asked with care: public ones alone, https alone, few redirects, so many bytes.

The name is resolved here and the connection goes to that very address, so that a second answer of the name server
cannot lead elsewhere.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from helpdesk.channels.http import open_http
from helpdesk.errors import Rejected, Unavailable
from helpdesk.i18n import gettext as _

if TYPE_CHECKING:
    import httpx2

TIMEOUT_SECONDS = 30
MOST_REDIRECTS = 3
# Translated to version 4 on the way, or by machines that still know the oldest form.
LAST_BITS = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")))
REDIRECTS = (301, 302, 303, 307, 308)


async def fetch(
    url: str, *, most: int, trusted: Collection[str] = (), headers: Mapping[str, str] | None = None
) -> tuple[bytes, str]:
    """Bytes and their type. `trusted` are origins that may be anywhere, of the account's own settings.

    `headers` are told to these alone. Raises Rejected for an address that is not public or a file above `most`
    bytes, Unavailable for later.
    """
    import httpx2  # loaded when a channel needs it

    async with open_http(timeout=TIMEOUT_SECONDS, follow_redirects=False) as http:
        try:
            return await _follow(http, url, most, trusted, headers or {})
        except httpx2.HTTPError as error:
            raise Unavailable(_("the file cannot be fetched: %(words)s", words=error)) from error
        except (ValueError, httpx2.InvalidURL) as error:  # of any part of what is no address
            raise Rejected(_("the file's address is not a public one")) from error


async def _follow(
    http: httpx2.AsyncClient, url: str, most: int, trusted: Collection[str], headers: Mapping[str, str]
) -> tuple[bytes, str]:
    for _redirect in range(MOST_REDIRECTS + 1):
        answer = await http.send(await _request(http, url, trusted, headers), stream=True)
        try:
            if answer.status_code not in REDIRECTS:
                return await _read(answer, most)
            url = urljoin(url, answer.headers.get("location", ""))
        finally:
            await answer.aclose()
    raise Rejected(_("the file's address leads from one place to the next"))


async def _request(
    http: httpx2.AsyncClient, url: str, trusted: Collection[str], headers: Mapping[str, str]
) -> httpx2.Request:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if f"{parts.scheme}://{parts.netloc}" in trusted:
        return http.build_request("GET", url, headers=headers)
    if parts.scheme != "https" or not host or parts.username or parts.port not in (None, 443):
        raise Rejected(_("the file's address is not a public one"))
    address = await _resolve(host)
    shown = f"[{address}]" if ":" in address else address
    return http.build_request(
        "GET",
        parts._replace(netloc=shown).geturl(),
        headers={"Host": host},
        extensions={"sni_hostname": host},
    )


async def _resolve(host: str) -> str:
    """One address; none when any of them is inside."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unavailable(_("the file cannot be fetched: %(words)s", words=error)) from error
    addresses = [str(one[4][0]) for one in found]
    if not addresses or not all(is_public(one) for one in addresses):
        raise Rejected(_("the file's address is not a public one"))
    return addresses[0]


def is_public(address: str) -> bool:
    """Also of addresses of version 6 that carry one of version 4, each in its own way."""
    given = ipaddress.ip_address(address.partition("%")[0])
    if not given.is_global or given.is_multicast:
        return False
    return given.version == 4 or all(one.is_global for one in _carried(given))


def _carried(address: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in one for one in LAST_BITS):
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in found if one is not None]


async def _read(answer: httpx2.Response, most: int) -> tuple[bytes, str]:
    if answer.status_code >= 500 or answer.status_code == 429:
        raise Unavailable(_("the file cannot be fetched: %(words)s", words=answer.status_code))
    if answer.status_code >= 300:
        raise Rejected(_("the file is gone: %(words)s", words=answer.status_code))
    held = bytearray()
    async for piece in answer.aiter_bytes():
        held += piece
        if len(held) > most:
            raise Rejected(_("this file is larger than %(most)s MB", most=most // 1_000_000))
    return bytes(held), answer.headers.get("content-type", "").partition(";")[0].strip().lower()
