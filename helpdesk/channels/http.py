"""Calls of providers' JSON interfaces: what can be repeated, what is final, what nobody knows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from helpdesk.errors import Rejected, SendFailed, Unavailable
from helpdesk.i18n import gettext as _

if TYPE_CHECKING:
    import ssl

    import httpx2

TIMEOUT_SECONDS = 20
LONGEST_WAIT = 86_400.0  # seconds, whatever a provider asks for

Said = Mapping[str, Any]


def open_http(**options: Any) -> httpx2.AsyncClient:
    """A client of its own, but for the certificates: to read those anew takes 20 ms in which nobody else is served."""
    import httpx2  # loaded when a channel needs it

    return httpx2.AsyncClient(verify=_trusted(), **options)


@cache
def _trusted() -> ssl.SSLContext:
    import httpx2

    return httpx2.create_ssl_context()


class NoAnswer(Unavailable):
    """The request may have been taken or not: only what can be repeated safely may be sent again."""


class Api:
    """One provider. `words` finds the provider's own in an answer, `final` says which refusals of 4xx pass by."""

    def __init__(
        self,
        name: str,
        http: httpx2.AsyncClient,
        *,
        words: Callable[[Said], str],
        passes: Callable[[int, Said], bool] = lambda status, _said: status == 429 or status >= 500,
        account: Callable[[int, Said], bool] = lambda status, _said: status == 401,
    ) -> None:
        self.name = name
        self._http = http
        self._words = words
        self._passes = passes
        self._account = account

    async def call(self, method: str, url: str, **given: Any) -> Said:
        """What it said. Raises Rejected, Unavailable or NoAnswer; `status` is in the error's data."""
        answer = await self.ask(method, url, **given)
        said = read(answer)
        if answer.status_code >= 300 or "error" in said:
            raise self.failure(answer, said)
        return said

    async def ask(self, method: str, url: str, **given: Any) -> httpx2.Response:
        import httpx2  # loaded when a channel needs it

        try:
            return await self._http.request(method, url, timeout=TIMEOUT_SECONDS, **given)
        except httpx2.ConnectError as error:
            raise Unavailable(
                _("%(name)s cannot be reached: %(words)s", name=self.name, words=error)
            ) from error
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:  # its words may hold a token
            raise Rejected(_("the address of %(name)s cannot be asked", name=self.name)) from error
        except httpx2.HTTPError as error:
            raise NoAnswer(_("%(name)s did not answer: %(words)s", name=self.name, words=error)) from error

    async def file(self, method: str, url: str, *, most: int, **given: Any) -> tuple[bytes, str]:
        """Bytes and their type; Rejected above `most` bytes, without reading more than that."""
        import httpx2

        try:
            async with self._http.stream(method, url, timeout=TIMEOUT_SECONDS, **given) as answer:
                if answer.status_code >= 300:
                    await answer.aread()
                    raise self.failure(answer, read(answer))
                if answer.status_code == 202:
                    raise Unavailable(_("%(name)s still prepares this file", name=self.name))
                held = bytearray()
                async for piece in answer.aiter_bytes():
                    held += piece
                    if len(held) > most:
                        raise Rejected(_("this file is larger than %(most)s MB", most=most // 1_000_000))
                return bytes(held), answer.headers.get("content-type", "").partition(";")[0].strip()
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
            raise Rejected(_("the file's address is not a public one")) from error
        except httpx2.HTTPError as error:
            raise Unavailable(_("%(name)s did not answer: %(words)s", name=self.name, words=error)) from error

    def failure(self, answer: httpx2.Response, said: Said) -> SendFailed:
        status = answer.status_code
        words = f"{self.name} {status}: {self._words(said) or answer.text[:200]}"
        if self._account(status, said):
            return Unavailable("%(why)s", why=words, account=True, status=status)
        if self._passes(status, said):
            wait = waiting(answer.headers.get("retry-after", ""))
            return Unavailable("%(why)s", why=words, status=status, retry_after=wait)
        return Rejected("%(why)s", why=words, status=status)


def waiting(given: object) -> float | None:
    """Seconds, as providers write them."""
    try:
        seconds = float(str(given))
    except ValueError:
        return None
    return min(seconds, LONGEST_WAIT) if seconds > 0 else None


def read(answer: httpx2.Response) -> Said:
    """{} for what is no JSON object."""
    try:
        said = json.loads(answer.content)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
