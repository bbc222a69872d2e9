"""What a message of Messenger or Instagram says. Unknown attachments are kept as what they are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from helpdesk.channels.given import mapping, place, web_address
from helpdesk.channels.incoming import Media

FILES = {
    "image": ("image.jpg", "image/jpeg"),
    "audio": ("audio.mp4", "audio/mp4"),
    "video": ("video.mp4", "video/mp4"),
    "file": ("", ""),
    "sticker": ("sticker.png", "image/png"),
    "ephemeral": ("", ""),
}
LINKS = frozenset({"share", "fallback", "template", "reel", "ig_reel", "story_mention", "ig_post", "post"})
COPIED = frozenset({"story_mention"})  # gone after a day

Given = Mapping[str, Any]


@dataclass(slots=True)
class Said:
    text: str = ""
    content: dict[str, Any] = field(default_factory=dict)
    media: tuple[Media, ...] = ()


def read(given: Given) -> Said:
    said = Said(text=given["text"] if isinstance(given.get("text"), str) else "")
    attachments = given.get("attachments")
    for one in attachments if isinstance(attachments, list) else ():
        if isinstance(one, dict):
            _attached(said, one)
    if payload := mapping(given, "quick_reply").get("payload"):
        said.content |= {"type": "button", "data": str(payload)}
    _answered(said, mapping(given, "reply_to"))
    if given.get("is_unsupported") is True or not (said.text or said.media or said.content):
        said.content.setdefault("type", "unsupported")
    return said


def _attached(said: Said, attachment: Given) -> None:
    kind, payload = str(attachment.get("type") or ""), mapping(attachment, "payload")
    url = web_address(payload.get("url"))
    if kind == "location":
        where = mapping(payload, "coordinates")
        said.content |= {"type": "location", **place(where.get("lat"), where.get("long"))}
    elif kind in LINKS:
        said.content |= {"type": kind, "url": url, "title": str(payload.get("title") or "")[:300]}
    elif kind in FILES:
        sticker = "sticker_id" in payload or kind == "sticker"
        said.content |= {"type": "sticker" if sticker else kind}
    else:
        said.content |= {"type": "unsupported", "kind": kind[:60]}
    if url and (kind in FILES or kind in COPIED):
        name, content_type = FILES.get(kind, ("story", ""))
        said.media = (*said.media, Media(str(url), name, content_type))


def _answered(said: Said, reply_to: Given) -> None:
    story = mapping(reply_to, "story")
    if story:
        said.content["story"] = {"id": str(story.get("id") or ""), "url": web_address(story.get("url"))}
        if url := said.content["story"]["url"]:
            said.media = (*said.media, Media(url, "story"))  # gone after a day
    elif reply_to.get("mid"):
        said.content["quotes"] = str(reply_to["mid"])
