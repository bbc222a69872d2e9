"""`helpdesk mail parse`: files in, one JSON object a line out, for people and for measuring the parser."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

from helpdesk.channels.email.mime import parse_mail


def parse_files(paths: Iterable[str], out: TextIO) -> int:
    """Print each file's mail as JSON, in order; 1 if a file could not be opened, else 0."""
    status = 0
    for path in paths:
        found = _parse_file(path)
        if "message_id" not in found:
            status = 1
        out.write(json.dumps(found, ensure_ascii=False) + "\n")
    out.flush()
    return status


def _parse_file(path: str) -> dict[str, Any]:
    name = path.encode("utf-8", "replace").decode("utf-8")
    try:
        raw = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return {"file": name, "problems": [f"cannot be opened: {reason}; check the path and its permissions"]}
    return {"file": name, **parse_mail(raw).as_json()}
