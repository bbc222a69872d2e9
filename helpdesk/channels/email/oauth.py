"""Access tokens for mailboxes that sign in with OAuth2 (RFC 6749 §6), renewed shortly before they end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from helpdesk.channels.email.config import MailboxConfig, OAuth
from helpdesk.errors import Misconfigured, Rejected, Unavailable
from helpdesk.i18n import gettext as _

if TYPE_CHECKING:
    import httpx2

EARLY_SECONDS = 120  # a token is renewed so long before its end
TIMEOUT_SECONDS = 20

Remember = Callable[[int, str], None]


@dataclass(slots=True)
class _Token:
    access: str
    until: float  # monotonic seconds
    refresh: str
    lineage: frozenset[
        str
    ]  # this grant's refresh tokens so far: any of them in a config means the same grant


@dataclass(slots=True)
class Tokens:
    """Shared by all who sign in, in any thread. `remember(account_id, refresh_token)` keeps a rotated token:
    a provider that rotates lets the old one die."""

    remember: Remember | None = None
    _held: dict[int, _Token] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def access(self, config: MailboxConfig) -> str:
        """A token that is good for the next two minutes. Blocking. Raises Rejected or Unavailable."""
        oauth = config.oauth
        if oauth is None:
            raise Misconfigured(_("no OAuth2 client is set; connect the mailbox again"))
        with self._lock:
            held = self._held.get(config.account_id)
            if held and oauth.refresh_token not in held.lineage:
                held = None  # the mailbox was connected anew
            if held and held.until - EARLY_SECONDS > time.monotonic():
                return held.access
            fresh = _refresh(oauth, held)
            self._held[config.account_id] = fresh
        if self.remember and fresh.refresh != oauth.refresh_token:
            self.remember(config.account_id, fresh.refresh)
        return fresh.access

    def forget(self, config: MailboxConfig) -> None:
        """The server refused the token although it had not expired."""
        with self._lock:
            if held := self._held.get(config.account_id):
                held.until = 0.0


def _refresh(oauth: OAuth, held: _Token | None) -> _Token:
    import httpx2  # most mailboxes sign in with a password: no start has to load it

    refresh_token = held.refresh if held else oauth.refresh_token
    form = {
        "grant_type": "refresh_token",
        "client_id": oauth.client_id,
        "client_secret": oauth.client_secret,
        "refresh_token": refresh_token,
        "scope": oauth.scope,
    }
    try:
        answer = httpx2.post(
            oauth.token_url,
            data={name: value for name, value in form.items() if value},
            timeout=TIMEOUT_SECONDS,
        )
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise Unavailable(
            _("the sign-in server %(url)s does not answer: %(words)s", url=oauth.token_url, words=error)
        ) from error
    body = _json(answer)
    if answer.status_code in (400, 401, 403):
        words = _("sign-in refused: %(words)s; connect the mailbox again", words=_words(answer, body))
        raise Rejected(words, auth=True)
    if answer.status_code != 200 or not body.get("access_token"):
        raise Unavailable(
            f"the sign-in server answered {_words(answer, body)}", retry_after=_retry_after(answer)
        )
    lasts = str(body.get("expires_in") or "")
    seconds = float(lasts) if lasts.isdecimal() else 3600.0
    replaced = str(body.get("refresh_token") or refresh_token)
    lineage = (held.lineage if held else frozenset()) | {oauth.refresh_token, refresh_token, replaced}
    return _Token(str(body["access_token"]), time.monotonic() + seconds, replaced, lineage)


def _json(answer: httpx2.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _words(answer: httpx2.Response, body: dict[str, Any]) -> str:
    said = " ".join(str(body[name]) for name in ("error", "error_description") if body.get(name))
    return f"{answer.status_code} {said or answer.text[:200]}".strip()


def _retry_after(answer: httpx2.Response) -> float | None:
    value = answer.headers.get("retry-after", "")
    return float(value) if value.isdecimal() else None
