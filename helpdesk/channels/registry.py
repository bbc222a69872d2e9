"""Which kinds of channel there are, by the name in ChannelAccount.kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

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
# There an address is a key that means nothing to people.
NAMELESS = frozenset({"chat", *SOCIAL} - {"sms", "phone"})
CLAIMED = frozenset({"email"})  # there anybody can write any sender's name: it counts when somebody vouches
LINKABLE = frozenset({"line"})  # whose people can link themselves with their account at the shop
CONVERSATIONAL = frozenset(name for name, traits in (("chat", CHAT_TRAITS),) if traits.conversational)


def kinds(tokens: Tokens | None = None) -> Mapping[str, Kind]:
    """Every kind that can send; `tokens` shares OAuth2 access tokens with those who receive."""
    social = {name: one.kind() for name, one in SOCIAL.items()}
    return {"email": Email(tokens or Tokens()), "chat": Chat(), **social}


def parse(kind: str, raw: bytes, *, own: frozenset[str] = frozenset()) -> Incoming | Change:
    """The bytes of a journalled event in the normal form. Raises Invalid when nothing can be made of them."""
    if kind not in PARSERS:
        raise Invalid(_("this version cannot read %(kind)s messages; update it and try again", kind=kind))
    parsed = PARSERS[kind](raw, own=own)
    if (
        kind in SOCIAL
        and isinstance(parsed, Incoming)
        and not (parsed.text or parsed.content or parsed.media)
    ):
        return replace(parsed, content={"type": "unsupported", "kind": "empty"})
    return parsed
