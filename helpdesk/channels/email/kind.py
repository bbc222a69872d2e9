"""E-mail as delivery sees it: how a mail is written and which line it leaves by."""

from __future__ import annotations

from helpdesk.channels.email.compose import compose
from helpdesk.channels.email.config import mailbox_config
from helpdesk.channels.email.oauth import Tokens
from helpdesk.channels.email.reply_address import reply_address
from helpdesk.channels.email.send import SmtpLine
from helpdesk.channels.protocol import Account, Outgoing, Traits


class Email:
    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    @property
    def traits(self) -> Traits:
        return Traits(supports_subject=True, supports_copies=True, max_attachment_bytes=20_000_000)

    def prepare(self, account: Account, outgoing: Outgoing) -> bytes:
        """The mail; answers come back to the ticket's own address where the mailbox takes such addresses."""
        signed = account.config.get("plus_addressing", False) and outgoing.thread
        return compose(
            outgoing, reply_to=reply_address(account.address, outgoing.thread or "") if signed else None
        )

    def open(self, account: Account) -> SmtpLine | None:
        config = mailbox_config(account)
        return SmtpLine(config, config.smtp, self._tokens) if config.smtp else None
