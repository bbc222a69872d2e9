"""How fast mail is read: messages a second of `parse_mail` against a bare floor, in one run.

    python tests/bench/mail_parse.py [ROUNDS]

The floor is the standard library's parser with every body's transfer encoding taken off: no charsets, no HTML,
no replies. Messages come from the measuring data (HELPDESK_SHARED, default ../shared); without it a mail of our
own is used. Both are run in turns, so that a busy machine slows both.
"""

from __future__ import annotations

import email
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from helpdesk.channels.email.mime import parse_mail

SHARED = Path(os.environ.get("HELPDESK_SHARED", Path(__file__).parents[3] / "shared"))
OWN = (
    "From: =?utf-8?B?6Yi05pyo?= <a@b.jp>\nSubject: =?utf-8?B?5rOo5paH?=\nMessage-ID: <1@b.jp>\n"
    "Content-Type: text/plain; charset=utf-8\n\n青でお願いします。\n\n"
    "2026年1月5日(月) 9:05 店 <s@x.jp>:\n> どの色になさいますか。\n"
)


def main(rounds: int) -> None:
    """Print both speeds, their ratio and the median message's time."""
    messages = load()
    floors, ours, single = [], [], []
    for _ in range(rounds):
        floors.append(spend(floor, messages)[0])
        total, each = spend(parse_mail, messages)
        ours.append(total)
        single.append(each)
    size = statistics.median(len(raw) for raw in messages)
    per_message = [min(times) for times in zip(*single, strict=True)]
    fast, slow = statistics.median(floors), statistics.median(ours)
    print(f"{len(messages)} messages, median {size:.0f} bytes, {rounds} rounds")
    print(f"floor      {len(messages) / fast:8.0f} messages/s")
    print(f"parse_mail {len(messages) / slow:8.0f} messages/s   {slow / fast:.2f} x the floor's time")
    print(f"median {statistics.median(per_message) * 1000:.2f} ms   slowest {max(per_message) * 1000:.0f} ms")


def load() -> list[bytes]:
    """The measuring data's mails, or our own few."""
    paths = sorted((SHARED / "data" / "email" / "corpora").glob("*/mail/**/*"))
    return [path.read_bytes() for path in paths if path.is_file()] or [OWN.encode()] * 500


def floor(raw: bytes) -> int:
    """The least any reader has to do."""
    return sum(len(part.get_payload(decode=True) or b"") for part in email.message_from_bytes(raw).walk())


def spend(read: Callable[[bytes], object], messages: list[bytes]) -> tuple[float, list[float]]:
    """The seconds for all messages, and for each."""
    each = []
    for raw in messages:
        start = time.perf_counter()
        read(raw)
        each.append(time.perf_counter() - start)
    return sum(each), each


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
