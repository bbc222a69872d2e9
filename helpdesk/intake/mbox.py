"""An mbox read mail by mail for `importing`: only a line that looks like a separator is taken for one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

START = b"From "
SEPARATOR = re.compile(
    rb"From (?:\S.{0,300}? )?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .{0,20}\d{1,2}:\d\d(?::\d\d)?\b.{0,40}$"
)


def split(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The mails without their separators; `lines` keep their ends and begin with a separator.

    Programs differ in whether they quote a line of the text that begins with `From `, so one counts only
    with a sender and a date, and after a blank line.
    """
    mail: list[bytes] = []
    begun, blank = False, True
    for line in lines:
        if not begun or (blank and line.startswith(START) and SEPARATOR.match(line.rstrip(b"\r\n"))):
            if begun:
                yield _joined(mail)
            begun, mail = True, []
        else:
            mail.append(line)
        blank = not line.strip(b"\r\n")
    if begun:
        yield _joined(mail)


def _joined(mail: list[bytes]) -> bytes:
    """One mail: the blank line before the next separator is not its own, and `>From` was `From`."""
    if mail and not mail[-1].strip(b"\r\n"):
        mail = mail[:-1]
    return b"".join(line[1:] if line.startswith(b">From ") else line for line in mail)
