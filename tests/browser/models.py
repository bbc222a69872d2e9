"""A shop whose classifier has learned twice, and once did not get better."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import classifiers
from helpdesk.models import Brand, ModelVersion
from helpdesk.store.db import Unit
from helpdesk.store.files import Files
from helpdesk.triage import versions


def furnish(unit: Unit, files: Files, brand: Brand) -> dict[str, str]:
    """Returns the key of the version that can be gone back to. All of them are the built-in model by another name."""
    artifact = files.put(classifiers.BUILTIN.read_bytes())
    first, _second, _worse = (_train(unit, brand, artifact, lost=lost) for lost in (0, 1, 60))
    return {"old_model": first.key}


def _train(unit: Unit, brand: Brand, artifact: str, *, lost: int) -> ModelVersion:
    row = versions.ask(unit, brand.pk, by=None)
    versions.claim(unit)
    versions.finish(unit, row, result(row.version, lost), artifact)
    return row


def result(number: int, lost: int = 0) -> dict[str, Any]:
    figures = classifiers.builtin().artifact.meta["metrics"]["figures"]
    after = deepcopy(figures)
    after["ja"]["per_tag"]["refund"] |= {"n": 9, "shown": 8, "hits": 5, "f1": 0.59}
    moved = {"won": 3, "lost": lost}
    change = {"n": 900, **moved, "tags": {"refund": moved, "order_status": {"won": 0, "lost": 2}}}
    return {
        "rows": 12_000 + number, "own_rows": 40 * number, "data_hash": f"{number:064x}", "figures": after,
        "before": figures, "changes": {"ja": change, "en": change}, "tags": [*classifiers.TAG_IDS, "gift wrapping"],
    }  # fmt: skip
