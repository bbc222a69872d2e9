"""A refusal says what it means in the reader's language; what nobody knows says nothing."""

from __future__ import annotations

import pytest

from helpdesk.channels.refusals import explain


@pytest.mark.parametrize(
    ("kind", "said", "means"),
    [
        ("whatsapp", "WhatsApp 400: 131047 Message failed to send because more than 24 hours (AbC)", "time"),
        ("whatsapp", "131026 Message undeliverable", "reached"),
        ("messenger", "Messenger 400: 10/2018278 This message is sent outside of allowed window.", "time"),
        ("messenger", "Messenger 403: 10 Application does not have permission", "permission"),
        ("instagram", "Instagram 401: 190/463 Error validating access token", "token"),
        ("line", "LINE 429: You have reached your monthly limit.", "month"),
        ("telegram", "Telegram 403: Forbidden: bot was blocked by the user", "blocked"),
        ("sms", "Twilio 400: 21610 Attempt to send to unsubscribed recipient", "STOP"),
        ("x", "X 403: Forbidden You cannot send messages to this user.", "reached"),
    ],
)
def test_what_providers_refuse_is_explained(kind: str, said: str, means: str) -> None:
    assert means in explain(kind, said)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("whatsapp", "WhatsApp 400: 999999 Something new"),
        ("email", "550 5.1.1 User unknown"),
        ("line", "LINE 400: The request body has 1 error(s)"),
        ("sms", "131047"),
        ("messenger", "190"[:0]),
        ("messenger", None),
    ],
)
def test_what_nobody_knows_is_left_to_the_providers_words(kind: str, said: str | None) -> None:
    assert explain(kind, said) == ""
