"""Numbers as people type them become comparable: width, case and the many dashes of a keyboard. Pure."""

from __future__ import annotations

import re
import unicodedata

CONSIDERED = 20_000  # characters of a message that are searched for numbers
DASH = re.compile("(?<=[0-9A-Z]) ?[‐-―−ー─ｰ﹣-] ?(?=[0-9A-Z])")


def plain(text: str) -> str:
    """NFKC in capitals; a dash of any kind between letters or digits is a hyphen. Total: any text gives a text."""
    folded = unicodedata.normalize("NFKC", text).upper().replace("\u3000", " ").replace("\xa0", " ")
    return DASH.sub("-", folded)
