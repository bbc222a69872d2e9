"""X, Telegram, text messages and telephone lines."""

from __future__ import annotations

from helpdesk.i18n import lazy
from helpdesk.social.setup.fields import ADDRESS, API, PHONE, SECRET, USERNAME, WORD, Field, Setup

ONE_WORD = lazy("one word without spaces")
NUMBER = Field(
    "address",
    lazy("Telephone number"),
    lazy("As customers know it, with the country's code: +81 …"),
    ADDRESS,
    pattern=PHONE,
    shape=lazy("with the country's code, for example +819012345678"),
    example="+81312345678",
)
ACCOUNT_SID = Field(
    "account_sid",
    lazy("Account SID"),
    lazy("Twilio Console › Account info. It begins with AC."),
    pattern=r"AC[0-9a-fA-F]{32}",
    shape=lazy("AC and 32 characters, 0–9 and a–f"),
)
AUTH_TOKEN = Field(
    "auth_token",
    lazy("Auth token"),
    lazy("Twilio Console › Account info › Auth token. Twilio signs its calls with it."),
    SECRET,
    rotates=True,
    pattern=WORD,
    shape=ONE_WORD,
)

X = Setup(
    "x",
    "at-sign",
    lazy("Direct messages to an account on X; X charges for each"),
    (
        Field("address", lazy("User ID"), lazy("The number of the account, not its @name."), ADDRESS,
              pattern=r"\d{1,20}", shape=lazy("digits only")),
        Field("consumer_secret", lazy("API key secret"),
              lazy("X Developer Portal › your app › Keys and tokens › Consumer keys. X signs its calls with it."),
              SECRET, rotates=True, pattern=WORD, shape=ONE_WORD),
        Field("access_token", lazy("Access token"),
              lazy("OAuth 2.0, signed in as this account, with dm.read, dm.write, users.read, tweet.read and"
                   " offline.access."),
              SECRET, pattern=WORD, shape=ONE_WORD),
        Field("refresh_token", lazy("Refresh token"),
              lazy("Given together with the access token. It gets the next ones: each lasts two hours."),
              SECRET, required=False, pattern=WORD, shape=ONE_WORD),
        Field("client_id", lazy("Client ID"),
              lazy("X Developer Portal › your app › Keys and tokens › OAuth 2.0. Needed to renew tokens."),
              required=False, pattern=WORD, shape=ONE_WORD),
        Field("client_secret", lazy("Client secret"),
              lazy("Beside the client ID, where the app is a confidential client."),
              SECRET, required=False, pattern=WORD, shape=ONE_WORD),
        API,
    ),
    (
        lazy("Register the address as a webhook of the app (POST /2/webhooks); X asks it a question at once."),
        lazy("Subscribe this user to dm.received, dm.sent and dm.read (POST /2/activity/subscriptions)."),
    ),
    warning=lazy("End-to-end encrypted messages cannot be read here: a ticket tells that one came, and who wrote."),
)  # fmt: skip

TELEGRAM = Setup(
    "telegram",
    "send",
    lazy("Messages to a Telegram bot"),
    (
        Field("address", lazy("Name of the bot"), lazy("The username that ends in bot."), ADDRESS,
              pattern=USERNAME, shape=lazy("letters, digits and _"), example="aoba_shop_bot"),
        Field("bot_token", lazy("Bot token"), lazy("BotFather gives it when the bot is made, and again at /token."),
              SECRET, pattern=r"\d{5,15}:[A-Za-z0-9_-]{20,80}",
              shape=lazy("a number, a colon and a long word")),
        API,
    ),
    (lazy("Press the button here: the bot is given the address, and a secret that proves its calls."),),
    made="webhook_secret",
    announce=lazy("Tell Telegram"),
)  # fmt: skip

SMS = Setup(
    "sms",
    "message-square-text",
    lazy("Text messages to a Twilio number"),
    (
        NUMBER,
        ACCOUNT_SID,
        AUTH_TOKEN,
        Field("messaging_service", lazy("Messaging service"),
              lazy("Empty: answers come from the number itself. Otherwise the SID that begins with MG."),
              required=False, pattern=r"MG[0-9a-fA-F]{32}",
              shape=lazy("MG and 32 characters, 0–9 and a–f"), folded=True),
        API,
    ),
    (lazy("Twilio Console › Phone numbers › the number › Messaging › A message comes in: the address, POST."),),
    by_number=True,
    told_by="status_url",
)  # fmt: skip

PHONE_LINE = Setup(
    "phone",
    "phone",
    lazy("Calls to a Twilio or Aircall number: missed ones become tickets"),
    (
        NUMBER,
        Field("account_sid", ACCOUNT_SID.label, ACCOUNT_SID.help, required=False, pattern=ACCOUNT_SID.pattern,
              shape=ACCOUNT_SID.shape, group="Twilio"),
        Field("auth_token", AUTH_TOKEN.label, AUTH_TOKEN.help, SECRET, required=False, rotates=True,
              pattern=WORD, shape=ONE_WORD, group="Twilio"),
        Field("token", lazy("Webhook token"), lazy("Aircall › Integrations › Webhook: the token of this webhook."),
              SECRET, required=False, rotates=True, pattern=WORD, shape=ONE_WORD, group="Aircall"),
        API,
    ),
    (
        lazy("Twilio Console › Phone numbers › the number › Voice › Call status changes: the address, POST."),
        lazy("Aircall › Integrations › Webhook: the address, with all events of calls."),
    ),
    one_of=("auth_token", "token"),
)  # fmt: skip
