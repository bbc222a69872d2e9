"""What providers say when they refuse, in words that help: what it means and what to do, in the reader's language.

Their own words stay beside it; what is not known here is shown as they said it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from helpdesk.i18n import gettext, lazy

FRONT = re.compile(r"^\S+ \d{3}: ")  # who said it, and with which status
NUMBERS = re.compile(r"^(\d{1,7})(?:/(\d{4,8}))?\b")

TOKEN = lazy("The access token is not taken any more. Enter a new one in the settings of the channel.")
RIGHT = lazy("The app lacks a permission for this. Check its permissions at the provider.")
LATER = lazy("Too much was sent in a short time. Try again a little later.")
BUSY = lazy("The provider has a trouble of its own. Try again later.")
OVER = lazy("The time in which this channel takes free answers is over.")
GONE = lazy("The customer cannot be reached: they blocked the account, left, or do not take messages.")
FILE = lazy(
    "The file could not be taken over. Check its size and kind, and that the helpdesk's address is public."
)
BARRED = lazy("The provider has restricted the account. See its console for the reason.")
PLACES = lazy("The template was filled in a way that does not fit. Check its places.")
TEMPLATE = lazy("The provider does not let this template be sent now. Choose another one.")

META: Mapping[int, str] = {
    **dict.fromkeys((102, 190), TOKEN),
    **dict.fromkeys((3, 10, *range(200, 300)), RIGHT),
    **dict.fromkeys((4, 17, 32, 341, 613, 80006, 80007, 130429, 131048, 131056), LATER),
    **dict.fromkeys((1, 2, 131000, 131016, 135000), BUSY),
    **dict.fromkeys((2018278, 131047), OVER),
    **dict.fromkeys((551, 2018001, 131026, 131049, 131050), GONE),
    **dict.fromkeys((131052, 131053, 2018008), FILE),
    **dict.fromkeys((368, 130497, 131031, 1893063), BARRED),
    **dict.fromkeys((132000, 132005, 132012), PLACES),
    **dict.fromkeys((132001, 132007, 132015, 132016), TEMPLATE),
    131030: lazy("This is a test number: add the customer's number to its list at the provider first."),
    131042: lazy("Something is wrong with the payment for this account. Check it at the provider."),
    131062: lazy("This kind of message cannot be sent to a customer who hides their number."),
}
TWILIO: Mapping[int, str] = {
    20003: TOKEN,
    **dict.fromkeys((20429, 429), LATER),
    21610: lazy("The customer has asked by STOP to get no messages any more."),
    **dict.fromkeys((21211, 21614, 30005, 30006), lazy("This number cannot get text messages.")),
    **dict.fromkeys((30003, 30004), GONE),
    30007: lazy("The carrier took it for spam and did not deliver it."),
}
NUMBERED: Mapping[str, Mapping[int, str]] = {
    **dict.fromkeys(("messenger", "instagram", "whatsapp"), META),
    **dict.fromkeys(("sms", "phone"), TWILIO),
}
PHRASES: Mapping[str, Mapping[str, str]] = {
    "line": {
        "monthly limit": lazy(
            "All messages of this month are used. Only an answer right after theirs is free."
        ),
        "authentication failed": TOKEN,
        "failed to send": GONE,
    },
    "telegram": {
        "blocked by the user": GONE,
        "user is deactivated": GONE,
        "chat not found": GONE,
        "can't initiate": lazy("The customer has to write to the bot first."),
        "too many requests": LATER,
        "unauthorized": TOKEN,
    },
    "x": {
        "not permitted to perform": RIGHT,
        "cannot send messages to this": GONE,
        "too many requests": LATER,
        "unauthorized": TOKEN,
    },
}


def explain(kind: str, said: str | None) -> str:
    """In the language in use; empty for what nobody knows."""
    words = FRONT.sub("", said or "")
    found = _by_number(kind, words) or _by_phrase(kind, words.casefold())
    return gettext(found) if found else ""


def _by_number(kind: str, words: str) -> str:
    """The narrower number says more."""
    given, known = NUMBERS.match(words), NUMBERED.get(kind)
    if not given or not known:
        return ""
    return known.get(int(given[2] or 0)) or known.get(int(given[1]), "")


def _by_phrase(kind: str, words: str) -> str:
    return next((means for part, means in PHRASES.get(kind, {}).items() if part in words), "")
