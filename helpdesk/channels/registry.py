"""Which kinds of channel there are, by the name in ChannelAccount.kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from helpdesk.channels.chat.kind import TRAITS as CHAT_TRAITS
from helpdesk.channels.chat.kind import Chat
from helpdesk.channels.chat.parse import parse as parse_chat
from helpdesk.channels.email.kind import Email
from helpdesk.channels.email.oauth import Tokens
from helpdesk.channels.email.parse import parse as parse_email
from helpdesk.channels.incoming import Change, Incoming
from helpdesk.channels.protocol import Kind
from helpdesk.channels.social import CHANNELS as SOCIAL
from helpdesk.errors import Invalid
from helpdesk.i18n import gettext as _

PARSERS: Mapping[str, Callable[..., Incoming | Change]] = {
    "email": parse_email,
    "chat": parse_chat,
    **{name: one.parse for name, one in SOCIAL.items()},
}
NAMELESS = frozenset({"chat", *SOCIAL} - {"sms"})  # an address there is a key that means nothing to people
CONVERSATIONAL = frozenset(name for name, traits in (("chat", CHAT_TRAITS),) if traits.conversational)


def kinds(tokens: Tokens | None = None) -> Mapping[str, Kind]:
    """Every kind that can send; `tokens` shares OAuth2 access tokens with those who receive."""
    social = {name: one.kind() for name, one in SOCIAL.items()}
    return {"email": Email(tokens or Tokens()), "chat": Chat(), **social}


def parse(kind: str, raw: bytes, *, own: frozenset[str] = frozenset()) -> Incoming | Change:
    """The bytes of a journalled event in the normal form. Raises Invalid when nothing can be made of them."""
    if kind not in PARSERS:
        raise Invalid(_("this version cannot read %(kind)s messages; update it and try again", kind=kind))
    return PARSERS[kind](raw, own=own)
