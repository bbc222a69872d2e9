"""What servers took, noted in a file the moment they say so, before the database can.

Writing the outcome to the database takes milliseconds and may wait for a lock. A worker killed in between would
send the same mail again; with this note its successor knows better. It survives the process, not a power cut.
Where a provider has no key against repeats it is noted as well that an attempt begins and that it ended.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
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
        self._write({"parcel": parcel.id, **asdict(receipt)})

    def begin(self, parcel: Parcel) -> None:
        self._write({"parcel": parcel.id, "begun": True})

    def end(self, parcel: Parcel) -> None:
        """The attempt failed, or somebody was told that nobody knows."""
        if not self.broke_off(parcel):
            return
        self._write({"parcel": parcel.id, "begun": False})

    def find(self, parcel: Parcel) -> Receipt | None:
        """The newest answer about recipients that the database still believes to be waiting."""
        for noted in self._of(parcel):
            if set(noted.get("accepted", ())) & set(parcel.recipients):
                return Receipt(
                    noted["id"],
                    tuple(noted["accepted"]),
                    noted["refused"],
                    noted["waiting"],
                    tuple(noted.get("known_as", ())),
                )
        return None

    def broke_off(self, parcel: Parcel) -> bool:
        """Whether its newest attempt began and nothing was heard of it."""
        return bool(next(self._of(parcel), {}).get("begun"))

    def _of(self, parcel: Parcel) -> Iterator[dict[str, Any]]:
        """The newest first."""
        for line in reversed([*_lines(self.older), *_lines(self.path)]):
            noted = _read(line)
            if noted.get("parcel") == parcel.id:
                yield noted

    def _write(self, facts: dict[str, Any]) -> None:
        if self.path.exists() and self.path.stat().st_size > LARGEST:
            self.path.replace(self.older)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps(facts, ensure_ascii=True) + "\n"
        with self.path.open("ab", buffering=0) as log:
            log.write(line.encode())


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _read(line: str) -> dict[str, Any]:
    try:
        return dict(json.loads(line))
    except ValueError:  # cut off in the middle
        return {}
