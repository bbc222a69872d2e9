"""What a widget may say over its socket, read strictly: anything else is refused with a code and a reason."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from helpdesk.chat.visitors import Hello
from helpdesk.i18n import gettext as _

LARGEST = 64_000  # bytes of one frame
LONGEST = 10_000  # characters of one message
MOST_FILES = 10
KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@[^\s@<>()\[\],;:\"\\]{1,250}")
MOST_DETAILS = 20
MOST_STEPS = 200


class Refused(Exception):
    """`final` closes the socket: no widget of ours says such a thing."""

    def __init__(self, code: str, text: str, *, key: str = "", final: bool = False, retry: float = 0) -> None:
        super().__init__(text)
        self.code, self.text, self.key, self.final, self.retry = code, text, key, final, retry

    def frame(self) -> str:
        said: dict[str, object] = {"type": "error", "code": self.code, "text": self.text}
        if self.key:
            said["key"] = self.key
        if self.retry:
            said["retry_after"] = self.retry
        return json.dumps(said, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Greeting:
    hello: Hello
    after: int | None


@dataclass(frozen=True, slots=True)
class Words:
    key: str
    text: str
    attachments: Sequence[str]
    name: str = ""
    email: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    campaign: str = ""
    flow: str = ""
    path: Sequence[str] = ()  # the steps walked through before this was written


@dataclass(frozen=True, slots=True)
class Typing:
    preview: str


@dataclass(frozen=True, slots=True)
class Read:
    seq: int


@dataclass(frozen=True, slots=True)
class Rate:
    score: int
    comment: str


@dataclass(frozen=True, slots=True)
class Page:
    page: str
    title: str


@dataclass(frozen=True, slots=True)
class Older:
    before: int


@dataclass(frozen=True, slots=True)
class Step:
    """Of a flow of buttons."""

    flow: str
    step: str
    before: str = ""


Frame = Greeting | Words | Typing | Read | Rate | Page | Older | Step


def read(text: str) -> Frame:
    """Raises Refused."""
    if len(text) > LARGEST or len(text.encode("utf-8", "replace")) > LARGEST:
        raise Refused("too_large", _("a frame may have 64 kB"), final=True)
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise Refused("unreadable", _("frames are JSON objects"), final=True)
    kind = given.get("type")
    reader = READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise Refused("unknown_type", _("there is no frame of this type"))
    return reader(given)


def _greeting(given: dict[str, Any]) -> Greeting:
    hello = Hello(
        token=_text(given, "visitor", 200),
        language=_language(_text(given, "lang", 20)),
        page=_text(given, "page", 2000),
        title=_text(given, "title", 300),
        referrer=_text(given, "referrer", 2000),
        user=_text(given, "user", 200),
        signature=_text(given, "hash", 200),
    )
    return Greeting(hello, _number(given, "after", least=0) if given.get("after") is not None else None)


def _words(given: dict[str, Any]) -> Words:
    key = given.get("key")
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise Refused("key", _("a message needs a key of letters and digits"))
    text = _clean(given.get("text", ""))
    files = given.get("attachments") or []
    if text is None or not isinstance(files, list) or not all(isinstance(one, str) for one in files):
        raise Refused("unreadable", _("text and attachments are not as they should be"), key=key)
    if len(text) > LONGEST:
        raise Refused("too_long", _("a message may have 10,000 characters"), key=key)
    if len(files) > MOST_FILES or not all(KEY.fullmatch(one) for one in files):
        raise Refused("attachments", _("a message may have 10 files"), key=key)
    if not text.strip() and not files:
        raise Refused("empty", _("write something first"), key=key)
    return Words(key, text.strip("\r\n"), list(dict.fromkeys(files)), **_asked(given), **_came_of(given))


def _asked(given: dict[str, Any]) -> dict[str, Any]:
    """What the form before the chat asked for; all of it goes with the message."""
    form = given.get("prechat")
    found: dict[str, str] = {}
    for name, value in list(form.items())[:MOST_DETAILS] if isinstance(form, dict) else ():
        if isinstance(value, str | int | float) and str(value).strip():
            found[_clean(name[:60]) or ""] = " ".join((_clean(str(value)[:500]) or "").split())
    name, email = found.pop("name", "")[:200], found.pop("email", "")
    if email and not EMAIL.fullmatch(email):
        found["email"], email = email, ""
    if given.get("consent") is True:
        found["consent"] = "yes"
    return {"name": name, "email": email, "details": found}


def _came_of(given: dict[str, Any]) -> dict[str, Any]:
    """The campaign that was answered, the flow that ended here; what is not as it should be is left out."""
    flow = given.get("flow")
    flow = flow if isinstance(flow, dict) else {}
    path = flow.get("path")
    steps = [one[:60] for one in path[:MOST_STEPS] if isinstance(one, str)] if isinstance(path, list) else []
    return {"campaign": _text(given, "campaign", 60), "flow": _text(flow, "key", 60), "path": steps}


def _typing(given: dict[str, Any]) -> Typing:
    return Typing(_text(given, "text", 500))


def _read(given: dict[str, Any]) -> Read:
    return Read(_number(given, "seq", least=0))


def _rate(given: dict[str, Any]) -> Rate:
    comment = _clean(given.get("comment") or "")
    if comment is None or len(comment) > 2000:
        raise Refused("comment", _("a comment may have 2,000 characters"))
    return Rate(_number(given, "score", least=1, most=5), comment.strip())


def _page(given: dict[str, Any]) -> Page:
    return Page(_text(given, "page", 2000), _text(given, "title", 300))


def _older(given: dict[str, Any]) -> Older:
    return Older(_number(given, "before", least=1))


def _step(given: dict[str, Any]) -> Step:
    return Step(_text(given, "flow", 60), _text(given, "step", 60), _text(given, "before", 60))


READERS: Mapping[str, Callable[[dict[str, Any]], Frame]] = {
    "hello": _greeting,
    "message": _words,
    "typing": _typing,
    "read": _read,
    "rate": _rate,
    "page": _page,
    "history": _older,
    "flow": _step,
}


def _text(given: dict[str, Any], name: str, most: int) -> str:
    """Cut rather than refused: nobody wrote it by hand."""
    return (_clean(given.get(name) or "") or "")[:most]


def _clean(text: Any) -> str | None:
    """What every database takes: no NUL, no halves of characters."""
    if not isinstance(text, str):
        return None
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _number(given: dict[str, Any], name: str, *, least: int, most: int = 2**31 - 1) -> int:
    value = given.get(name)
    if type(value) is not int or not least <= value <= most:
        raise Refused(name, _("%(name)s is no number that fits here", name=name))
    return value


def _language(given: str) -> str:
    return "ja" if given.lower().startswith("ja") else "en" if given else ""
