"""What an agent types into the search field, taken apart: words, quoted words, words to leave out, and operators.

Pure. What cannot be understood becomes a hint above the results, never an error.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from helpdesk.i18n import gettext, lazy

PART = re.compile(r'(-?)(?:([^\W\d_]+)[:：])?(?:["“”＂]([^"“”＂]*)["“”＂]?|「([^」]*)」?|([^\s"“”＂]+))')
OPERATORS = {
    "from": ("from", "差出人", "送信者"),
    "to": ("to", "宛先"),
    "tag": ("tag", "タグ"),
    "order": ("order", "注文", "注文番号"),
    "before": ("before", "以前", "まで"),
    "after": ("after", "以後", "以降", "から"),
    "status": ("status", "状態", "ステータス"),
    "assignee": ("assignee", "担当", "担当者"),
    "channel": ("channel", "チャネル", "チャンネル"),
    "is": ("is",),
    "has": ("has",),
}
OPERATOR_OF = {alias: name for name, aliases in OPERATORS.items() for alias in aliases}
STATUSES = {
    "open": ("open", "unanswered", "未対応", "未返信", "オープン"),
    "pending": ("pending", "waiting", "返信待ち", "保留"),
    "closed": ("closed", "done", "完了", "解決", "クローズ"),
    "spam": ("spam", "迷惑", "迷惑メール", "スパム"),
}
CHANNELS = {
    "email": ("email", "mail", "e-mail", "メール", "eメール"),
    "chat": ("chat", "チャット"),
    "line": ("line", "ライン"),
    "instagram": ("instagram", "インスタ", "インスタグラム"),
    "messenger": ("messenger", "メッセンジャー"),
    "whatsapp": ("whatsapp",),
    "x": ("x", "twitter"),
    "telegram": ("telegram", "テレグラム"),
    "sms": ("sms", "ショートメール"),
    "phone": ("phone", "call", "tel", "電話"),
}
NOBODY = ("none", "nobody", "なし", "未割当", "担当者なし")
ME = ("me", "自分", "私")
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?")
DAYS_AGO = re.compile(r"(\d{1,4})(?:d|日前?)")

NO_VALUE = lazy("%(operator)s: needs a value right after the colon, without a space.")
NO_DATE = lazy("%(value)s is not a date; write it as 2026-01-31, 2026-01, 7d or yesterday.")
NO_STATUS = lazy("%(value)s is not a status; there are open, pending, closed and spam.")
NO_CHANNEL = lazy(
    "%(value)s is not a channel; there are email, chat, line, instagram, messenger, whatsapp, x, telegram,"
    " sms and phone."
)
NO_STATE = lazy("is:%(value)s is unknown; there are is:unread and is:read.")
NO_PART = lazy("has:%(value)s is unknown; there is has:attachment.")
NO_TAG = lazy("No tag is called %(value)s; it was left out.")
NO_AGENT = lazy("No agent is called %(value)s; write assignee:me, assignee:none or a name.")


@dataclass(frozen=True, slots=True)
class Hint:
    """What was not understood and what to write instead; `text` stays English until it is shown."""

    text: str
    values: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return gettext(self.text, **dict(self.values))


@dataclass(frozen=True, slots=True)
class Query:
    """Everything must hold. Dates are days where the reader is: `before` excludes, `after` includes its day."""

    words: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    sender: str = ""
    recipient: str = ""
    tags: tuple[str, ...] = ()
    order: str = ""
    before: date | None = None
    after: date | None = None
    status: tuple[str, ...] = ()
    assignee: str = ""  # me, none, or a name
    channel: tuple[str, ...] = ()
    unread: bool | None = None
    attachment: bool = False
    hints: tuple[Hint, ...] = field(default=())

    @property
    def empty(self) -> bool:
        return replace(self, hints=()) == Query()


@lru_cache(256)
def parse(text: str, today: date = date.min) -> Query:
    """`today` is the reader's, for spans such as 7d."""
    query = Query()
    for minus, name, double, corner, plain in PART.findall(text):
        operator = OPERATOR_OF.get(fold(name))
        value = (double or corner or plain).strip()
        if operator and not minus:
            query = _operate(query, operator, name, value, today)
            continue
        said = f"{name}:{value}" if name else value
        if not said:
            continue
        if minus:
            query = replace(query, without=(*query.without, said))
        elif (double or corner) and not name:
            query = replace(query, quoted=(*query.quoted, said))
        else:
            query = replace(query, words=(*query.words, said))
    return _with_bare_operators(query)


def fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().strip()


def hint(text: str, **values: str) -> Hint:
    return Hint(text, tuple(values.items()))


def _operate(query: Query, operator: str, name: str, value: str, today: date) -> Query:
    if not value:
        return _hinted(query, NO_VALUE, operator=name)
    return OPERATE[operator](query, value, today)


def _with_bare_operators(query: Query) -> Query:
    """`from:` with nothing behind it is no word to look for; people type it on the way."""
    bare = [word for word in query.words if word[-1] in ":：" and fold(word[:-1]) in OPERATOR_OF]
    for word in bare:
        query = _hinted(query, NO_VALUE, operator=word[:-1])
    return replace(query, words=tuple(word for word in query.words if word not in bare))


def _hinted(query: Query, text: str, **values: str) -> Query:
    return replace(query, hints=(*query.hints, hint(text, **values)))


def _date(query: Query, name: str, value: str, today: date) -> Query:
    found = read_date(value, today)
    if found is None:
        return _hinted(query, NO_DATE, value=value)
    return replace(query, before=found) if name == "before" else replace(query, after=found)


def read_date(value: str, today: date) -> date | None:
    """2026-01-31, 2026/1/31, 2026年1月31日, 2026-01 (its first day), 7d, today, yesterday."""
    said = fold(value)
    if said in ("today", "今日", "本日", "yesterday", "昨日"):
        return today - timedelta(days=said in ("yesterday", "昨日"))
    try:
        if ago := DAYS_AGO.fullmatch(said):
            return today - timedelta(days=int(ago[1]))
        if parts := DATE.fullmatch(said):
            return date(int(parts[1]), int(parts[2]), int(parts[3] or 1))
    except (ValueError, OverflowError):
        return None
    return None


def _named(query: Query, name: str, value: str, known: Mapping[str, tuple[str, ...]], wrong: str) -> Query:
    chosen = next((key for key, aliases in known.items() if fold(value) in aliases), None)
    if chosen is None:
        return _hinted(query, wrong, value=value)
    changes: dict[str, Any] = {name: (*getattr(query, name), chosen)}
    return replace(query, **changes)


def _assignee(query: Query, value: str, _today: date) -> Query:
    said = fold(value)
    return replace(query, assignee="me" if said in ME else "none" if said in NOBODY else value)


def _is(query: Query, value: str, _today: date) -> Query:
    said = fold(value)
    if said in ("unread", "未読", "read", "既読"):
        return replace(query, unread=said in ("unread", "未読"))
    if any(said in aliases for aliases in STATUSES.values()):
        return _named(query, "status", value, STATUSES, NO_STATUS)
    return _hinted(query, NO_STATE, value=value)


def _has(query: Query, value: str, _today: date) -> Query:
    if fold(value) in ("attachment", "attachments", "file", "files", "添付", "ファイル"):
        return replace(query, attachment=True)
    return _hinted(query, NO_PART, value=value)


OPERATE: dict[str, Callable[[Query, str, date], Query]] = {
    "from": lambda query, value, _today: replace(query, sender=value),
    "to": lambda query, value, _today: replace(query, recipient=value),
    "tag": lambda query, value, _today: replace(query, tags=(*query.tags, value)),
    "order": lambda query, value, _today: replace(query, order=value),
    "before": lambda query, value, today: _date(query, "before", value, today),
    "after": lambda query, value, today: _date(query, "after", value, today),
    "status": lambda query, value, _today: _named(query, "status", value, STATUSES, NO_STATUS),
    "channel": lambda query, value, _today: _named(query, "channel", value, CHANNELS, NO_CHANNEL),
    "assignee": _assignee,
    "is": _is,
    "has": _has,
}
