"""The way into an IMAP mailbox, and waiting there for news."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError

from helpdesk.channels.email.config import MailboxConfig
from helpdesk.channels.email.oauth import Tokens
from helpdesk.channels.email.receive import LOST, is_news
from helpdesk.errors import Misconfigured, Rejected, Unavailable
from helpdesk.i18n import gettext as _

TIMEOUT = SocketTimeout(connect=20, read=60)
SLICE_SECONDS = 0.5  # how long a stop may go unnoticed while nothing happens
FIRST_ROUND_SECONDS = 2.0


def connect(config: MailboxConfig, tokens: Tokens) -> IMAPClient:
    """A signed-in client. Raises Rejected when the sign-in is refused, Unavailable without a server."""
    server = config.imap
    if server is None:
        raise Misconfigured(_("no IMAP server is set; name one in the mailbox's settings"))
    where = f"{server.host}:{server.port}"
    context = None if server.tls == "none" else server.context()
    try:
        client = IMAPClient(
            server.host, server.port, ssl=server.tls == "tls", ssl_context=context, timeout=TIMEOUT
        )
    except (*LOST, IMAPClientError, ValueError) as error:
        raise Unavailable(_("%(server)s cannot be reached: %(words)s", server=where, words=error)) from error
    try:
        client.normalise_times = False
        if server.tls == "starttls":
            client.starttls(context)
        _sign_in(client, config, tokens)
    except LoginError as error:
        leave(client)
        raise Rejected(
            _("%(server)s refused the sign-in: %(words)s", server=where, words=error), auth=True
        ) from error
    except (*LOST, IMAPClientError, ValueError) as error:
        leave(client)
        raise Unavailable(
            _("%(server)s broke off the sign-in: %(words)s", server=where, words=error)
        ) from error
    except (Rejected, Unavailable):
        leave(client)
        raise
    return client


def _sign_in(client: IMAPClient, config: MailboxConfig, tokens: Tokens) -> None:
    assert config.imap
    if not config.oauth:
        client.login(config.imap.user, config.imap.password)
        return
    try:
        client.oauth2_login(config.imap.user, tokens.access(config))
    except LoginError:
        tokens.forget(config)
        raise


def wait_for_news(client: IMAPClient, seconds: float, stopped: Callable[[], bool]) -> None:
    """IDLE until something arrives, the time is over, or `stopped`. Raises one of LOST.

    What the server says in one breath with its "go ahead" stays unread in the line's buffer until something else comes.
    So the first round is short: its end reads everything.
    """
    end = time.monotonic() + seconds
    if not _idle(client, min(end, time.monotonic() + FIRST_ROUND_SECONDS), stopped):
        _idle(client, end, stopped)


def _idle(client: IMAPClient, end: float, stopped: Callable[[], bool]) -> bool:
    """Whether there is news, or the line is dead."""
    client.idle()
    news = False
    while not news and not stopped() and time.monotonic() < end:
        begun = time.monotonic()
        responses = client.idle_check(timeout=SLICE_SECONDS)
        if not responses and time.monotonic() - begun < SLICE_SECONDS / 2:
            break  # a closed line reads as silence at once: the DONE below finds out
        news = is_news(responses)
    _text, late = client.idle_done()
    return news or is_news(late)


def leave(client: IMAPClient) -> None:
    """Sign out if the line still lives; never raises."""
    try:
        client.logout()
    except (*LOST, IMAPClientError):
        drop(client)


def drop(client: IMAPClient) -> None:
    """End the line without a word; never raises. For the thread that reads from it."""
    try:
        client.shutdown()
    except (*LOST, IMAPClientError):
        return


def cut(client: IMAPClient) -> None:
    """Wake up a thread that waits for a silent server. Closing the line from here would wait with it."""
    try:
        client.socket().shutdown(socket.SHUT_RDWR)
    except (*LOST, IMAPClientError):
        return
