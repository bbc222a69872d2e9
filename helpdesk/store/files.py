"""Attachments on disk, named by the SHA-256 of their bytes: the same file is kept once."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from helpdesk.errors import NotFound


class Files:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep the bytes; durable when this returns. Returns the SHA-256 in hex."""
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest)
        if path.exists() and path.read_bytes() == content:  # a damaged one is written anew
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)  # a full disk is not filled with halves
            raise
        _keep_name(path.parent)
        return digest

    def get(self, digest: str) -> bytes:
        try:
            return self.path(digest).read_bytes()
        except FileNotFoundError as error:
            raise NotFound(
                "the file %(file)s… is gone from the store; restore it from a backup", file=digest[:12]
            ) from error

    def drop(self, digest: str) -> None:
        """Forget the bytes; nothing may name them any more."""
        self.path(digest).unlink(missing_ok=True)

    def path(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest[2:4] / digest


def _keep_name(folder: Path) -> None:
    """A file's name is durable once its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
