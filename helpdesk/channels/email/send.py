"""Mail leaves over SMTP (RFC 5321). One connection serves a burst; every answer is final or for later.

A refusal of the connection or the sign-in concerns the whole account (`account=True` in the error's data):
nothing else of that account need be tried for now.
"""

from __future__ import annotations

import asyncio
import ssl

import aiosmtplib
from aiosmtplib import errors as smtp

from helpdesk.channels.email.config import MailboxConfig, Server
from helpdesk.channels.email.headers import valid_address
from helpdesk.channels.email.oauth import Tokens
from helpdesk.channels.protocol import Parcel, Receipt
from helpdesk.errors import Rejected, SendFailed, Unavailable
from helpdesk.i18n import gettext as _

CONNECT_SECONDS = 20
ANSWER_SECONDS = 60
SIGN_IN_RETRY_SECONDS = 900  # a wrong password is not tried often: providers lock the account
MOST_A_CONNECTION = 50  # many servers close after a hundred
SIGN_IN_CODES = (530, 534, 535, 538)


class SmtpLine:
    """One account's outgoing server. Not shared between tasks."""

    def __init__(self, config: MailboxConfig, server: Server, tokens: Tokens) -> None:
        self._config = config
        self._server = server
        self._tokens = tokens
        self._client: aiosmtplib.SMTP | None = None
        self._sent = 0

    async def send(self, parcel: Parcel) -> Receipt:
        """Hand the bytes over. Raises Rejected with the server's words, or Unavailable."""
        try:
            client = await self._connected()
            recipients = [valid_address(one) for one in parcel.recipients]
            sender = "" if parcel.automatic else valid_address(self._config.address)
            refused, _said = await client.sendmail(
                sender, recipients, parcel.raw, mail_options=_options(recipients)
            )
        except SendFailed:
            raise
        except (smtp.SMTPException, OSError, ValueError) as error:
            await self._drop_unless_answered(error)
            raise classify(error) from error
        self._sent += 1
        return _receipt(
            parcel, {address: (answer.code, answer.message) for address, answer in refused.items()}
        )

    async def check(self) -> None:
        """Connect and sign in, nothing more. Raises Rejected or Unavailable."""
        await self._connected()

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is None or not client.is_connected:
            return
        try:
            await client.quit(timeout=5)
        except (smtp.SMTPException, OSError):
            client.close()

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client and self._client.is_connected and self._sent < MOST_A_CONNECTION:
            return self._client
        await self.close()
        client = self._new_client()
        try:
            await client.connect(timeout=CONNECT_SECONDS)
            await self._sign_in(client)
        except (smtp.SMTPException, OSError, ValueError, SendFailed) as error:
            client.close()
            raise classify_connecting(error, self._server) from error
        self._client, self._sent = client, 0
        return client

    def _new_client(self) -> aiosmtplib.SMTP:
        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            local_hostname=self._config.address.rpartition("@")[2] or None,
            timeout=ANSWER_SECONDS,
            use_tls=server.tls == "tls",
            start_tls=server.tls == "starttls",
            tls_context=None if server.tls == "none" else server.context(),
        )

    async def _sign_in(self, client: aiosmtplib.SMTP) -> None:
        if self._config.oauth:
            token = await asyncio.to_thread(self._tokens.access, self._config)
            try:
                await client.auth_xoauth2(self._server.user, token)
            except smtp.SMTPAuthenticationError:
                self._tokens.forget(self._config)
                raise
        elif self._server.user and self._server.password:
            await client.login(self._server.user, self._server.password)

    async def _drop_unless_answered(self, error: Exception) -> None:
        """A plain refusal leaves the connection good; after anything else its state is unknown."""
        answered = isinstance(error, smtp.SMTPResponseException | smtp.SMTPRecipientsRefused)
        if answered and getattr(error, "code", 0) != 421:
            return
        client, self._client = self._client, None
        if client:
            client.close()


def classify(error: Exception) -> SendFailed:
    """What an error during a mail means: Rejected for 5xx, Unavailable for all else."""
    if isinstance(error, smtp.SMTPRecipientsRefused):
        words = "; ".join(f"{one.recipient}: {one.code} {one.message}" for one in error.recipients)
        later = any(one.code < 500 for one in error.recipients)
        return Unavailable(_one_line(words)) if later else Rejected(_one_line(words))
    if isinstance(error, smtp.SMTPResponseException):
        words = _one_line(f"{error.code} {error.message}")
        if error.code in SIGN_IN_CODES:
            return Unavailable(words, retry_after=SIGN_IN_RETRY_SECONDS, account=True, auth=True)
        return Rejected(words) if error.code >= 500 else Unavailable(words, account=error.code == 421)
    if isinstance(error, smtp.SMTPNotSupported | ValueError):
        return Rejected(_one_line(str(error)))
    return Unavailable(_("the connection to the mail server broke: %(words)s", words=_words(error)))


def classify_connecting(error: Exception, server: Server) -> SendFailed:
    """What an error before any mail means: always for later, and for every mail of the account."""
    where = f"{server.host}:{server.port}"
    if isinstance(error, SendFailed):
        wait = getattr(error, "retry_after", None) or SIGN_IN_RETRY_SECONDS
        return Unavailable(error.text, retry_after=wait, account=True, auth=isinstance(error, Rejected))
    if isinstance(error, smtp.SMTPAuthenticationError):
        words = _(
            "%(server)s refused the sign-in: %(words)s", server=where, words=f"{error.code} {error.message}"
        )
        return Unavailable(_one_line(words), retry_after=SIGN_IN_RETRY_SECONDS, account=True, auth=True)
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        words = _("%(server)s offers no trusted encryption: %(words)s", server=where, words=_words(error))
        return Unavailable(words, account=True)
    words = _("%(server)s cannot be reached: %(words)s", server=where, words=_words(error))
    return Unavailable(words, account=True)


def _receipt(parcel: Parcel, refused: dict[str, tuple[int, str]]) -> Receipt:
    """Some recipients may be refused although others are served."""
    words = {one: _one_line(f"{code} {text}") for one, (code, text) in refused.items()}
    named = {one: words[valid_address(one)] for one in parcel.recipients if valid_address(one) in words}
    return Receipt(
        id=parcel.id,
        accepted=tuple(one for one in parcel.recipients if one not in named),
        refused={one: text for one, text in named.items() if refused[valid_address(one)][0] >= 500},
        waiting={one: text for one, text in named.items() if refused[valid_address(one)][0] < 500},
    )


def _options(recipients: list[str]) -> list[str]:
    return [] if all(one.isascii() for one in recipients) else ["SMTPUTF8", "BODY=8BITMIME"]


def _words(error: Exception) -> str:
    return _one_line(getattr(error, "message", "") or str(error) or type(error).__name__)


def _one_line(text: str) -> str:
    return " ".join(str(text).split())[:500]
