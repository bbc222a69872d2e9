"""One update of Telegram in the normal form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from helpdesk.channels.given import mapping, mappings, place
from helpdesk.channels.incoming import Change, Incoming, Media, What
from helpdesk.channels.meta.moment import moment
from helpdesk.channels.protocol import Person
from helpdesk.channels.webhook import digest, read_object

KIND = "telegram"
SILENCE = timedelta(days=3)
FILES = {
    "document": ("file", ""),
    "audio": ("audio", "audio/mpeg"),
    "voice": ("audio", "audio/ogg"),
    "video": ("video", "video/mp4"),
    "video_note": ("video", "video/mp4"),
    "animation": ("video", "video/mp4"),
    "sticker": ("sticker", "image/webp"),
}

Given = Mapping[str, Any]


def parse(raw: bytes, *, own: frozenset[str] = frozenset()) -> Incoming | Change:
    """Raises Invalid when the bytes are no update."""
    update = read_object(raw)
    if message := mapping(update, "message"):
        return _message(update, message)
    if edited := mapping(update, "edited_message"):
        text = _text(edited)
        at = moment(edited.get("edit_date"))
        return _change(update, edited, What.EDITED, at=at, of=(_id(edited),), text=text)
    if pressed := mapping(update, "callback_query"):
        return _pressed(update, pressed)
    if reaction := mapping(update, "message_reaction"):
        emoji = next((str(one.get("emoji") or "") for one in mappings(reaction.get("new_reaction"))), "")
        at = moment(reaction.get("date"))
        return _change(
            update, reaction, What.REACTED, at=at, of=(_id(reaction),), emoji=emoji, removed=not emoji
        )
    if member := mapping(update, "my_chat_member"):
        gone = mapping(member, "new_chat_member").get("status") in ("kicked", "left")
        return _change(
            update, member, What.BLOCKED if gone else What.CONNECTED, at=moment(member.get("date"))
        )
    kinds = ",".join(sorted(set(update) - {"update_id"}))
    return _change(update, {}, What.NOTED, data={"type": kinds[:200]})


def _message(update: Given, message: Given) -> Incoming:
    content, media = _content(message)
    if quoted := mapping(message, "reply_to_message"):
        content["quotes"] = _id(quoted)
    if album := message.get("media_group_id"):
        content["album"] = {"id": str(album)}
    text = _text(message)
    if not text and not content and not media:
        content = {
            "type": "unsupported",
            "kind": ",".join(sorted(set(message) - {"message_id", "from", "chat", "date"}))[:60],
        }
    return _made(update, message, text, content, _id(message), media)


def _pressed(update: Given, pressed: Given) -> Incoming:
    content = {
        "type": "button",
        "data": str(pressed.get("data") or ""),
        "query": str(pressed.get("id") or ""),
    }
    where = {"chat": mapping(pressed, "message").get("chat"), "from": pressed.get("from")}
    return _made(update, where, "", content, "", ())  # now: the date is that of the words with the button


def _made(
    update: Given,
    message: Given,
    text: str,
    content: dict[str, Any],
    external_id: str,
    media: tuple[Media, ...],
) -> Incoming:
    talk = _talk(message)
    return Incoming(
        sender=_person(mapping(message, "from")),
        author=talk,
        identity_kind=KIND,
        fingerprint=f"{KIND}:{digest(update)}",  # two bots may count alike
        external_id=external_id or None,
        sent_at=moment(message.get("date")),
        text=text,
        reply=text,
        content=content,
        media=media,
        conversation=talk.address,
        silence=SILENCE,
    )


def _content(message: Given) -> tuple[dict[str, Any], tuple[Media, ...]]:
    photos = mappings(message.get("photo"))
    if photos:
        largest = max(photos, key=_size)
        return {"type": "image"}, (Media(str(largest.get("file_id")), "photo.jpg", "image/jpeg"),)
    for name, (kind, content_type) in FILES.items():
        if given := mapping(message, name):
            shown = {"type": kind} | ({"keywords": [str(given["emoji"])]} if given.get("emoji") else {})
            typed = str(given.get("mime_type") or content_type)
            file = Media(str(given.get("file_id")), str(given.get("file_name") or name)[:300], typed)
            return shown, (file,)
    if where := mapping(message, "location"):
        return {"type": "location", **place(where.get("latitude"), where.get("longitude"))}, ()
    if contact := mapping(message, "contact"):
        return {"type": "contacts", "phone": str(contact.get("phone_number") or "")}, ()
    return {}, ()


def _size(photo: Given) -> float:
    sizes = [photo[one] for one in ("file_size", "width") if isinstance(photo.get(one), int | float)]
    return sizes[0] if sizes else 0


def _text(message: Given) -> str:
    text = message.get("text") or message.get("caption") or ""
    if not text and (contact := mapping(message, "contact")):
        text = " ".join(
            str(contact[one]) for one in ("first_name", "last_name", "phone_number") if contact.get(one)
        )
    return text if isinstance(text, str) else ""


def _change(update: Given, event: Given, what: What, **said: Any) -> Change:
    return Change(what, _talk(event), KIND, str(update.get("update_id")), **said)


def _talk(message: Given) -> Person:
    """The chat is the conversation: with one person, or of a group."""
    chat = mapping(message, "chat") or mapping(message, "from")
    return Person(_name(chat), str(chat.get("id") or ""))


def _person(user: Given) -> Person:
    return Person(_name(user), str(user.get("id") or ""))


def _name(user: Given) -> str:
    """Family name first where somebody writes in Japanese is theirs to do; here as they gave it."""
    words = (user.get("title"), user.get("first_name"), user.get("last_name"))
    return " ".join(str(one) for one in words if one) or str(user.get("username") or "")


def _id(message: Given) -> str:
    """Numbers of messages repeat from chat to chat."""
    number = message.get("message_id")
    return f"{mapping(message, 'chat').get('id')}/{number}" if number is not None else ""
