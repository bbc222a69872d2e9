"""Keeps an OAuth2 refresh token that the provider replaced: the old one may die."""

from __future__ import annotations

from collections.abc import Callable

from helpdesk.models import ChannelAccount
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal


def remembering(database: Database, seal: Seal) -> Callable[[int, str], None]:
    """For `Tokens(remember=…)`."""

    def remember(account_id: int, refresh_token: str) -> None:
        with database.write() as unit:
            account = unit.session.get(ChannelAccount, account_id, with_for_update=True)
            if account:
                account.secrets = seal.close(
                    {**seal.open(account.secrets), "oauth_refresh_token": refresh_token}
                )

    return remember
