"""A file of a message, and what a browser can do with it by itself: show it, play it, read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

# What a browser may show as it stands. HTML and XML are left out: somebody would take them for what they say they are.
TEXTS = (
    *("text/plain", "text/csv", "text/tab-separated-values", "text/markdown", "text/calendar", "text/vcard"),
    *("text/x-log", "application/json", "message/rfc822"),
)
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif")
SOUNDS = (
    *("audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/aac", "audio/ogg", "audio/opus", "audio/webm"),
    *("audio/wav", "audio/x-wav", "audio/flac"),
)
FILMS = ("video/mp4", "video/webm", "video/quicktime", "video/ogg")


@dataclass(frozen=True, slots=True)
class File:
    key: str
    name: str
    content_type: str
    size: int
    inline: bool

    @property
    def image(self) -> bool:
        """Whether a browser may show it by itself; SVG may carry script and is only offered for download."""
        return self.content_type in PICTURES

    @property
    def player(self) -> str:
        """`audio` or `video` where a browser plays it by itself, else empty."""
        return "audio" if self.content_type in SOUNDS else "video" if self.content_type in FILMS else ""

    @property
    def readable(self) -> bool:
        """Whether it can be shown as plain text."""
        return self.content_type.startswith(TEXTS)


def file_of(row: Row[Any]) -> File:
    """Of a row that names one."""
    return File(row.file_key, row.file_name, row.content_type.lower(), row.size, row.inline)
