"""Trying a mailbox's settings: both servers are asked, and their own words are what an administrator sees."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from imapclient.exceptions import IMAPClientError

from helpdesk.channels.email.config import MailboxConfig
from helpdesk.channels.email.oauth import Tokens
from helpdesk.channels.email.receive import LOST
from helpdesk.channels.email.send import SmtpLine
from helpdesk.channels.email.sign_in import connect, leave
from helpdesk.errors import HelpdeskError


@dataclass(frozen=True, slots=True)
class Finding:
    """`server` is imap or smtp; `words` are the server's, or why it could not be asked."""

    server: str
    good: bool
    words: str


async def probe(config: MailboxConfig, tokens: Tokens) -> list[Finding]:
    """One finding for each server that is set; nothing is read and nothing is sent."""
    asked = []
    if config.imap:
        asked.append(asyncio.to_thread(_imap, config, tokens))
    if config.smtp:
        asked.append(_smtp(config, tokens))
    return list(await asyncio.gather(*asked))


def _imap(config: MailboxConfig, tokens: Tokens) -> Finding:
    try:
        client = connect(config, tokens)
    except HelpdeskError as error:
        return Finding("imap", False, error.text)
    try:
        counts = [
            f"{name}: {int(client.select_folder(name, readonly=True).get(b'EXISTS', 0))}"
            for name in config.folders
        ]
    except (*LOST, IMAPClientError) as error:
        return Finding("imap", False, str(error))
    finally:
        leave(client)
    return Finding("imap", True, ", ".join(counts))


async def _smtp(config: MailboxConfig, tokens: Tokens) -> Finding:
    assert config.smtp
    line = SmtpLine(config, config.smtp, tokens)
    try:
        await line.check()
    except HelpdeskError as error:
        return Finding("smtp", False, error.text)
    finally:
        await line.close()
    return Finding("smtp", True, f"{config.smtp.host}:{config.smtp.port}")
