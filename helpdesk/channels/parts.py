"""One answer in several requests: what was taken stays taken, whatever happens to the rest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from helpdesk.channels.protocol import Parcel, Receipt
from helpdesk.errors import Rejected, SendFailed, Unavailable
from helpdesk.i18n import gettext as _

PART = "part:"

Post = Callable[[int, Any], Awaitable[Sequence[str]]]


async def send_parts(parcel: Parcel, to: str, requests: Sequence[Any], post: Post) -> Receipt:
    """`post` sends one request and returns the provider's ids. In order; parts of earlier attempts are left out.

    Raises what `post` raised when nothing was taken this time.
    """
    first = sum(one.startswith(PART) for one in parcel.accepted)
    known: list[str] = []
    done: list[str] = []
    for number, request in enumerate(requests[first:], first):
        try:
            known += await post(number, request)
        except SendFailed as error:
            if not done:
                raise
            return _broken_off(parcel, to, done, known, error)
        done.append(f"{PART}{number}")
    return Receipt(known[-1] if known else parcel.id, accepted=(*done, to), known_as=tuple(known))


def once(error: SendFailed) -> Rejected:
    """Nobody knows whether it was taken, and the provider has no key against repeats: a person has to look."""
    words = _("%(why)s; look there whether the customer has this message, then send it again", why=error.text)
    return Rejected("%(why)s", why=words, unsure=True)


def _broken_off(parcel: Parcel, to: str, done: list[str], known: list[str], error: SendFailed) -> Receipt:
    told = {to: error.text}
    later = isinstance(error, Unavailable)
    return Receipt(
        known[-1] if known else parcel.id,
        accepted=tuple(done),
        refused={} if later else told,
        waiting=told if later else {},
        known_as=tuple(known),
    )
