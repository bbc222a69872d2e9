"""format=flowed text (RFC 3676): soft line ends joined, quote depth kept, so that reply rules see
whole lines.
"""

from __future__ import annotations

import re

_QUOTES = re.compile(r"^(>*) ?")


def unflow(text: str, *, delete_space: bool = False) -> str:
    """Paragraphs whose soft line ends (a trailing blank) are joined; `-- ` is a signature mark,
    never soft."""
    out: list[list[str]] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        match = _QUOTES.match(line)
        depth = len(match[1]) if match else 0
        content = line[depth:]
        if content.startswith(" "):
            content = content[1:]
        soft = content.endswith(" ") and content != "-- "
        body = content[:-1] if soft and delete_space else content
        if open_depth == depth and out and content != "-- ":
            out[-1].append(body)
        else:
            out.append([(">" * depth + " " if depth else "") + body])
        open_depth = depth if soft else None
    return "\n".join("".join(pieces) for pieces in out)
