"""Messenger, Instagram and WhatsApp: one app at Meta, its secret, and a token for each."""

from __future__ import annotations

from dataclasses import replace

from helpdesk.i18n import lazy
from helpdesk.social.setup.fields import ADDRESS, API, DIGITS, MARK_READ, SECRET, VERSION, WORD, Field, Setup

APP_ID = Field(
    "app_id",
    lazy("App ID"),
    lazy(
        "Meta for Developers › your app › App settings › Basic. With it tokens are renewed before they end."
    ),
    required=False,
    pattern=DIGITS,
    shape=lazy("digits only"),
)
APP_SECRET = Field(
    "app_secret",
    lazy("App secret"),
    lazy("Meta for Developers › your app › App settings › Basic › App secret. Meta signs its calls with it."),
    SECRET,
    rotates=True,
    pattern=r"[0-9a-f]{32}",
    shape=lazy("32 characters, 0–9 and a–f"),
)
PAGE_TOKEN = Field(
    "access_token",
    lazy("Page access token"),
    lazy(
        "Meta for Developers › your app › Messenger › API settings › Generate access tokens, for this page."
    ),
    SECRET,
    pattern=WORD,
    shape=lazy("one word without spaces"),
)
WEBHOOK = lazy(
    "Meta for Developers › your app › Webhooks: paste the address and the verify token, then Verify."
)

MESSENGER = Setup(
    "messenger",
    "message-circle-more",
    lazy("Messages to a Facebook page"),
    (
        Field(
            "address",
            lazy("Page ID"),
            lazy("The Facebook page › About › Page transparency › Page ID."),
            ADDRESS,
            pattern=DIGITS,
            shape=lazy("digits only"),
        ),
        APP_ID,
        APP_SECRET,
        PAGE_TOKEN,
        MARK_READ,
        VERSION,
        API,
    ),
    (
        WEBHOOK,
        lazy(
            "Subscribe to: messages, messaging_postbacks, message_echoes, message_reads, message_deliveries,"
            " message_reactions, message_edits, standby."
        ),
        lazy("Messenger › API settings: add the page to the app, or press the button here."),
        lazy("App review: pages_messaging. For answers after 24 hours also the Human Agent permission."),
    ),
    made="verify_token",
    announce=lazy("Subscribe the page"),
)  # fmt: skip

INSTAGRAM = Setup(
    "instagram",
    "camera",
    lazy("Direct messages, story mentions and answers to stories"),
    (
        Field(
            "address",
            lazy("ID of the Instagram account"),
            lazy("Meta for Developers › your app › Instagram › API setup: the number beside the professional account."),
            ADDRESS,
            pattern=DIGITS,
            shape=lazy("digits only"),
        ),
        APP_ID,
        APP_SECRET,
        replace(
            PAGE_TOKEN,
            label=lazy("Access token"),
            help=lazy("Meta for Developers › your app › Instagram › API setup › Generate token, for this account."),
        ),
        MARK_READ,
        VERSION,
        replace(
            API,
            help=lazy("Empty: graph.facebook.com. For apps with Instagram Login: https://graph.instagram.com"),
        ),
    ),
    (
        WEBHOOK,
        lazy("Subscribe to: messages, messaging_seen, messaging_postbacks, message_reactions, comments."),
        lazy("Instagram app › Settings › Messages: switch Allow access to messages on."),
        lazy("App review: instagram_manage_messages. For answers after 24 hours also the Human Agent permission."),
    ),
    made="verify_token",
)  # fmt: skip

WHATSAPP = Setup(
    "whatsapp",
    "smartphone",
    lazy("Messages to a number of the WhatsApp Cloud API, with templates after 24 hours"),
    (
        Field(
            "address",
            lazy("Phone number ID"),
            lazy("Meta for Developers › your app › WhatsApp › API setup. Not the telephone number itself."),
            ADDRESS,
            pattern=DIGITS,
            shape=lazy("digits only"),
        ),
        Field(
            "waba_id",
            lazy("WhatsApp Business Account ID"),
            lazy("On the same page, below the phone number ID. The templates are read from it."),
            pattern=DIGITS,
            shape=lazy("digits only"),
        ),
        APP_SECRET,
        replace(
            PAGE_TOKEN,
            label=lazy("Access token"),
            help=lazy("Meta Business Suite › Settings › System users: a token that does not end, for this app."),
        ),
        MARK_READ,
        VERSION,
        API,
    ),
    (
        WEBHOOK,
        lazy("Subscribe to: messages, message_template_status_update, smb_message_echoes."),
        lazy("System users: give the user this WhatsApp account with full control. Then press the button here."),
        lazy("App review: whatsapp_business_messaging and whatsapp_business_management."),
    ),
    made="verify_token",
    announce=lazy("Subscribe the WhatsApp account"),
)  # fmt: skip
