"""Which model reads a brand's messages: its active one, else the built-in one. Asked of the tables each time, so that
every process notices a new one at once; loaded models are kept."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from functools import cache
from threading import Lock
from time import monotonic
from typing import Any

import structlog
from sqlalchemy import bindparam, select
from sqlmodel import col

import classifiers
from classifiers import ArtifactRefused, Model
from helpdesk.models import ModelVersion
from helpdesk.store.db import Unit
from helpdesk.store.files import Files

log = structlog.get_logger()

AGAIN = 60.0  # seconds after which a file that could not be read is tried again: it may be restored
MOST = 8  # models in memory at a time, some 20 MB each


class Models:
    """One for each process; may be used by many threads."""

    def __init__(self, files: Files, builtin: Model, *, again: float = AGAIN) -> None:
        self.files = files
        self.builtin = builtin
        self.again = again
        self.faults: dict[str, str] = {}  # digest → why it cannot serve
        self._refused_at: dict[str, float] = {}
        self._loaded: OrderedDict[str, Model] = OrderedDict()
        self._lock = Lock()

    def of(self, unit: Unit, brand_id: int) -> Model:
        """Never raises for a file that is gone or damaged: the built-in model serves, and the log tells."""
        found = unit.rows(_active(), {"brand": brand_id})
        return self.load(found[0].artifact) or self.builtin if found else self.builtin

    def load(self, digest: str) -> Model | None:
        """The model of this name in the file store; None when it cannot serve, with the reason in `faults`."""
        with self._lock:
            if digest in self._loaded:
                self._loaded.move_to_end(digest)
                return self._loaded[digest]
            if digest in self.faults and monotonic() - self._refused_at[digest] < self.again:
                return None
            try:
                model = _read(self.files, digest)
            except (ArtifactRefused, OSError) as error:
                self.faults[digest], self._refused_at[digest] = str(error), monotonic()
                log.error("model_refused", artifact=digest[:12], why=str(error), serving="built-in")
                return None
            self.faults.pop(digest, None)
            self._loaded[digest] = model
            while len(self._loaded) > MOST:
                self._loaded.popitem(last=False)
            return model


def find_fault(files: Files, digest: str) -> str | None:
    """Why the stored model cannot serve, read anew; None when it can."""
    try:
        _read(files, digest)
    except (ArtifactRefused, OSError) as error:
        return str(error)
    return None


def _read(files: Files, digest: str) -> Model:
    path = files.path(digest)
    if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        raise ArtifactRefused("its bytes are not those that were trained; go back to another or train again")
    return classifiers.load(path)


@cache
def _active() -> Any:
    return select(col(ModelVersion.artifact)).where(
        col(ModelVersion.brand_id) == bindparam("brand"), col(ModelVersion.state) == "active"
    )
