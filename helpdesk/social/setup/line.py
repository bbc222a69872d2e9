"""LINE: a channel of the Messaging API."""

from __future__ import annotations

from helpdesk.i18n import lazy
from helpdesk.social.setup.fields import ADDRESS, API, LINE_ID, MARK_READ, SECRET, WORD, Field, Setup

LINE = Setup(
    "line",
    "message-circle",
    lazy("Messages, stickers, pictures and voice from a LINE official account"),
    (
        Field(
            "address",
            lazy("LINE ID of the account"),
            lazy("LINE Developers › your channel › Messaging API › Bot basic ID. It begins with @."),
            ADDRESS,
            pattern=LINE_ID,
            shape=lazy("for example @aoba-shop"),
            example="@aoba-shop",
        ),
        Field(
            "channel_id",
            lazy("Channel ID"),
            lazy("LINE Developers › your channel › Basic settings › Channel ID."),
            pattern=r"\d{6,15}",
            shape=lazy("digits only"),
        ),
        Field(
            "channel_secret",
            lazy("Channel secret"),
            lazy("LINE Developers › your channel › Basic settings › Channel secret. LINE signs its calls with it."),
            SECRET,
            rotates=True,
            pattern=r"[0-9a-f]{32}",
            shape=lazy("32 characters, 0–9 and a–f"),
        ),
        Field(
            "access_token",
            lazy("Channel access token"),
            lazy(
                "Not needed: short-lived tokens are asked for with the channel ID and the secret. Only if you want to"
                " use a long-lived one, from the Messaging API tab."
            ),
            SECRET,
            required=False,
            pattern=WORD,
            shape=lazy("one word without spaces"),
            folded=True,
        ),
        Field(
            "token",
            lazy("How tokens are got"),
            lazy("As needed is right for nearly everybody: LINE sets no limit on how many."),
            required=False,
            options=(
                ("", lazy("As needed, for a quarter of an hour")),
                ("short", lazy("Short-lived, 30 days, renewed")),
                ("v2.1", lazy("Version 2.1 with a key of your own, renewed")),
            ),
            folded=True,
        ),
        Field(
            "key_id",
            lazy("Key ID (kid)"),
            lazy("Only for version 2.1: shown when the public key was registered."),
            required=False,
            pattern=r"[0-9A-Za-z-]{8,64}",
            shape=lazy("one word without spaces"),
            folded=True,
        ),
        Field(
            "private_key",
            lazy("Private key"),
            lazy("Only for version 2.1: the private key as JWK, in one line."),
            SECRET,
            required=False,
            pattern=r"\{.*\}",
            shape=lazy("JSON that begins with { and ends with }"),
            folded=True,
        ),
        Field(
            "link_page",
            lazy("Page where customers sign in to link LINE"),
            lazy(
                "A page of your shop for signed-in customers. It sends them back to the address in its parameter"
                " return, with user, until and signature added. Empty: the shop's own address."
            ),
            required=False,
            pattern=r"https?://\S+",
            shape=lazy("an address such as https://shop.example/account/line"),
            folded=True,
        ),
        MARK_READ,
        API,
    ),
    (
        lazy(
            "LINE Developers › your channel › Messaging API › Webhook URL: paste the address, then press Verify. The"
            " button here does the same."
        ),
        lazy("Switch Use webhook on, and Webhook redelivery too: then nothing is lost while this server is away."),
        lazy("LINE Official Account Manager › Response settings: switch the greeting and automatic answers off."),
    ),
    named=lazy("Customers see it above each answer, unless it contains the word LINE, which LINE refuses."),
    announce=lazy("Enter the address at LINE"),
    warning=lazy(
        "While Chat is on in the LINE Official Account Manager, colleagues can answer there as well; LINE does not"
        " tell the helpdesk of those answers."
    ),
)  # fmt: skip
