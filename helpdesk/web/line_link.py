"""/line/link/…: a customer comes from LINE, signs in at the shop, comes back signed, and goes on to LINE.

Nobody here is an agent: the address is signed by us, and who they are at the shop by the shop's own server, for this
address and a short time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from sqlmodel import col, select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from helpdesk.channels.chat.config import ChatConfig, chat_config
from helpdesk.channels.line import link
from helpdesk.channels.opening import opened
from helpdesk.channels.protocol import Account
from helpdesk.errors import Forbidden
from helpdesk.i18n import lazy
from helpdesk.models import Brand, ChannelAccount, Contact
from helpdesk.social import linking
from helpdesk.store.db import Unit
from helpdesk.web import forms, render, state
from helpdesk.web.guard import CONTENT_POLICY

MOST_USER = 200
LONGEST = timedelta(hours=1)  # that a shop's word may be good: it stands in a browser's history
PROOF = ("user", "until", "signature")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page shows, and where it leads."""

    account: Account
    address: str  # the customer's on LINE
    name: str
    shop: str
    sign_in: str  # the shop's page that brings them back signed
    user: str = ""  # for whom the shop has vouched


def show(request: Request) -> Response:
    """Without a signed user the way to the shop's sign-in, with one the question whether to link."""
    asked = _asked(request, dict(request.query_params))
    here = {name: request.query_params.get(name, "") for name in PROOF}
    page = render.page(request, "line/link.html", asked=asked, here=here)
    base = urlsplit(link.access_base(asked.account))
    policy = CONTENT_POLICY.replace("form-action 'self'", f"form-action 'self' {base.scheme}://{base.netloc}")
    page.headers["Content-Security-Policy"] = policy
    return page


async def create(request: Request) -> Response:
    form = forms.of(request)
    given = {name: form.value(name) for name in PROOF}
    asked, nonce = await run_in_threadpool(_begin, request, given)
    return RedirectResponse(await link.dialog_url(asked.account, asked.address, nonce), 303)


def _begin(request: Request, given: dict[str, str]) -> tuple[Asked, str]:
    asked = _asked(request, given)
    if not asked.user:
        raise Forbidden(lazy("sign in at the shop first, then come back by its link"))
    with state.parts(request).database.write() as unit:
        contact, _ = _find(request, unit)
        return asked, linking.begin(unit, contact, asked.user)


def _asked(request: Request, given: dict[str, str]) -> Asked:
    parts = state.parts(request)
    with parts.database.read() as unit:
        contact, account = _find(request, unit)
        brand = unit.session.get_one(Brand, account.brand_id)
        user = given.get("user", "")[:MOST_USER]
        if user:
            _require_proof(request, unit, brand, user, given)
    return Asked(
        opened(account, parts.seal),
        contact.address,
        contact.name,
        brand.name,
        _sign_in_page(request, account, brand),
        user,
    )


def _find(request: Request, unit: Unit) -> tuple[Contact, ChannelAccount]:
    path = request.path_params
    return linking.find_asked(unit, path["key"], path["signed"], state.parts(request).seal)


def _require_proof(request: Request, unit: Unit, brand: Brand, user: str, given: dict[str, str]) -> None:
    """By the secret with which the shop signs who is in its chat; what is signed there is not enough here."""
    until, signature = given.get("until", ""), given.get("signature", "")
    if not _is_near(until, unit.now):
        raise Forbidden(lazy("the shop's signature is too old; sign in there once more"))
    words = proof_words(user, until, _here(request))
    if not any(one.has_signed(words, signature) for one in _widgets(request, unit, brand)):
        raise Forbidden(lazy("the shop's signature does not fit; sign in there once more"))


def proof_words(user: str, until: str, back: str) -> str:
    """What the shop signs: the user, the Unix second until which it holds, and the address that they go back to."""
    return f"{user}\n{until}\n{back}"


def _is_near(until: str, now: datetime) -> bool:
    if not until.isascii() or not until.isdecimal() or len(until) > 12:
        return False
    return now.timestamp() <= int(until) <= (now + LONGEST).timestamp()


def _widgets(request: Request, unit: Unit, brand: Brand) -> list[ChatConfig]:
    widgets = unit.session.exec(
        select(ChannelAccount).where(
            ChannelAccount.brand_id == brand.pk,
            ChannelAccount.kind == "chat",
            col(ChannelAccount.active).is_(True),
        )
    )
    seal = state.parts(request).seal
    return [chat_config(opened(one, seal)) for one in widgets]


def _sign_in_page(request: Request, account: ChannelAccount, brand: Brand) -> str:
    page = str(account.config.get("link_page") or brand.url or "")
    if not page.startswith(("https://", "http://")):
        return ""
    return f"{page}{'&' if '?' in page else '?'}{urlencode({'return': _here(request)})}"


def _here(request: Request) -> str:
    return f"{state.parts(request).settings.base_url}{request.url.path}"
