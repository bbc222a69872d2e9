"""What servers took, noted in a file the moment they say so, before the database can.

Writing the outcome to the database takes milliseconds and may wait for a lock. A worker killed in between would
send the same mail again; with this note its successor knows better. It survives the process, not a power cut.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from helpdesk.channels.protocol import Parcel, Receipt

LARGEST = 1_000_000  # bytes; then a new file is begun and the one before last is dropped


class SentLog:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.older = path.with_suffix(".old")

    def note(self, parcel: Parcel, receipt: Receipt) -> None:
        if self.path.exists() and self.path.stat().st_size > LARGEST:
            self.path.replace(self.older)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"parcel": parcel.id, **asdict(receipt)}, ensure_ascii=True) + "\n"
        with self.path.open("ab", buffering=0) as log:
            log.write(line.encode())

    def find(self, parcel: Parcel) -> Receipt | None:
        """The newest answer about recipients that the database still believes to be waiting."""
        for line in reversed([*_lines(self.older), *_lines(self.path)]):
            noted = _read(line)
            if noted.get("parcel") == parcel.id and set(noted["accepted"]) & set(parcel.recipients):
                return Receipt(noted["id"], tuple(noted["accepted"]), noted["refused"], noted["waiting"])
        return None


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _read(line: str) -> dict[str, Any]:
    try:
        return dict(json.loads(line))
    except ValueError:  # cut off in the middle
        return {}
