"""Mail comes in over IMAP (RFC 3501, IDLE RFC 2177): what is new in a folder, handed over in batches.

The place in a folder (UIDVALIDITY, UID) moves only with `keep`, which commits mails and place together.
Bodies are fetched with PEEK: the server's copy stays as it was. One bad mail never holds up the others.
"""

from __future__ import annotations

import hashlib
import imaplib
import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from imapclient import SEEN, IMAPClient
from imapclient.exceptions import IMAPClientError, ProtocolError

from helpdesk.i18n import gettext as _

LOST: Final = (imaplib.IMAP4.abort, OSError, ssl.SSLError)
PARTIAL_BYTES = 1_000_000  # what is taken of a mail that is too large: enough for its words


@dataclass(frozen=True, slots=True)
class Limits:
    """`tries`: how often the connection may break on the same mail before the mail is set aside."""

    largest: int = 50_000_000  # bytes
    batch: int = 50
    batch_bytes: int = 16_000_000
    tries: int = 4


@dataclass(frozen=True, slots=True)
class Place:
    """All up to `uid` is kept. After a break the mails up to `careful_until` are fetched one by one."""

    uidvalidity: int
    uid: int = 0
    careful_until: int = 0
    tries: int = 0

    def after(self, uid: int) -> Place:
        return replace(self, uid=max(self.uid, uid), tries=0)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail as it came, or with `reason` the note that it could not be fetched."""

    raw: bytes = field(repr=False)
    external_id: str
    meta: dict[str, Any]
    reason: str | None = None


Keep = Callable[[str, Sequence[Fetched], Place], None]


def fetch_new(
    client: IMAPClient,
    folder: str,
    place: Place | None,
    keep: Keep,
    *,
    since: date | None = None,
    mark_seen: bool = False,
    limits: Limits = Limits(),
    stopped: Callable[[], bool] = lambda: False,
) -> Place:
    """Hand over every mail after `place`. A renumbered folder is read again: the journal knows its own.

    Raises one of LOST when the connection breaks; what was kept stays kept.
    """
    selected = client.select_folder(folder, readonly=not mark_seen)
    validity = int(selected.get(b"UIDVALIDITY") or 0)
    if place is None or place.uidvalidity != validity:
        place = Place(validity)
    reader = _Folder(client, folder, keep, limits, mark_seen)
    for batch in reader.batches(_new_uids(client, place, since), place):
        if stopped():
            break
        place = reader.take(batch, place)
    return place


def fetch_again(client: IMAPClient, meta: dict[str, Any], limits: Limits = Limits()) -> Fetched | None:
    """The mail of a note that could not be fetched before; None while that is still so."""
    folder, validity, uid = str(meta["folder"]), int(meta["uidvalidity"]), int(meta["uid"])
    selected = client.select_folder(folder, readonly=True)
    if int(selected.get(b"UIDVALIDITY") or 0) != validity:
        return None
    reader = _Folder(client, folder, lambda _folder, _mails, _place: None, limits, mark_seen=False)
    found = reader.fetch([uid], Place(validity))
    return next((mail for mail in found if mail.reason is None), None)


def _new_uids(client: IMAPClient, place: Place, since: date | None) -> list[int]:
    """In rising order. `n:*` names the newest mail even where it is older than n, hence the filter."""
    criteria: list[Any] = ["UID", f"{place.uid + 1}:*"]
    if since:
        criteria += ["SINCE", since]
    return sorted(uid for uid in set(client.search(criteria)) if uid > place.uid)


@dataclass(frozen=True, slots=True)
class _Folder:
    client: IMAPClient
    name: str
    keep: Keep
    limits: Limits
    mark_seen: bool

    def batches(self, uids: list[int], place: Place) -> Iterator[list[int]]:
        """Single mails as long as care is needed, then as many as fit."""
        careful = [uid for uid in uids if uid <= place.careful_until]
        yield from ([uid] for uid in careful)
        rest = uids[len(careful) :]
        for start in range(0, len(rest), self.limits.batch):
            yield from self._by_size(rest[start : start + self.limits.batch])

    def _by_size(self, uids: list[int]) -> Iterator[list[int]]:
        sizes = self._sizes(uids)
        batch: list[int] = []
        for uid in uids:
            if batch and sum(sizes.get(one, 0) for one in (*batch, uid)) > self.limits.batch_bytes:
                yield batch
                batch = []
            batch.append(uid)
        yield batch

    def take(self, uids: list[int], place: Place) -> Place:
        """Keep these mails and move on; remembers where a connection broke."""
        try:
            fetched = self.fetch(uids, place)
        except LOST:
            single = len(uids) == 1
            worse = replace(
                place, careful_until=max(place.careful_until, uids[-1]), tries=place.tries + single
            )
            self.keep(self.name, (), worse)
            raise
        place = place.after(uids[-1])
        self.keep(self.name, fetched, place)
        if self.mark_seen:
            self.client.add_flags(uids, [SEEN], silent=True)
        return place

    def fetch(self, uids: list[int], place: Place) -> list[Fetched]:
        """The mails, or the notes that say why not; fewer where some were deleted meanwhile."""
        if len(uids) == 1 and place.tries >= self.limits.tries:
            return [self._note(place, uids[0], _("the connection broke each time this mail was fetched"))]
        sizes = self._sizes(uids)
        small = [uid for uid in uids if sizes.get(uid, 0) <= self.limits.largest]
        found = self._bodies(small)
        mails = []
        for uid in uids:
            if uid in found:
                mails.append(self._mail(place, uid, *found[uid]))
            elif uid in small:
                mails += self._alone(place, uid)
            else:
                mails.append(self._too_large(place, uid, sizes[uid]))
        return mails

    def _sizes(self, uids: list[int]) -> dict[int, int]:
        try:
            answer = self.client.fetch(uids, ["RFC822.SIZE"])
        except (IMAPClientError, ValueError) as error:
            _raise_if_lost(error)
            return {}
        return {uid: int(data.get(b"RFC822.SIZE") or 0) for uid, data in answer.items()}

    def _bodies(self, uids: list[int]) -> dict[int, tuple[bytes, datetime | None]]:
        """Whatever the server gives; a refusal of one mail leaves all of them to be asked for alone."""
        if not uids:
            return {}
        try:
            answer = self.client.fetch(uids, ["BODY.PEEK[]", "INTERNALDATE"])
        except (IMAPClientError, ValueError, OverflowError) as error:
            _raise_if_lost(error)
            return {}
        return {
            uid: (data[b"BODY[]"], data.get(b"INTERNALDATE"))
            for uid, data in answer.items()
            if uid in uids and isinstance(data.get(b"BODY[]"), bytes) and data[b"BODY[]"]
        }

    def _alone(self, place: Place, uid: int) -> list[Fetched]:
        """One mail without its date, which servers write oddly; nothing when it was deleted meanwhile."""
        reason = _("the server gave no content for this mail")
        for _attempt in range(2):
            try:
                body = self.client.fetch([uid], ["BODY.PEEK[]"]).get(uid, {}).get(b"BODY[]")
            except (IMAPClientError, ValueError) as error:
                _raise_if_lost(error)
                reason = _("the server refused this mail: %(words)s", words=error)
                continue
            if body:
                return [self._mail(place, uid, body, None)]
        if not self.client.search(["UID", str(uid)]):
            return []
        return [self._note(place, uid, reason)]

    def _too_large(self, place: Place, uid: int, size: int) -> Fetched:
        """The words of a mail whose attachments are too large; `truncated` names the real size."""
        item = f"BODY.PEEK[]<0.{min(PARTIAL_BYTES, self.limits.largest)}>"
        try:
            data = self.client.fetch([uid], [item]).get(uid, {})
        except (IMAPClientError, ValueError) as error:
            _raise_if_lost(error)
            data = {}
        raw = next((value for name, value in data.items() if name.startswith(b"BODY[]")), None)
        if not raw:
            return self._note(place, uid, _("this mail has %(size)s bytes, more than the limit", size=size))
        mail = self._mail(place, uid, raw, None)
        return replace(mail, meta={**mail.meta, "truncated": size})

    def _mail(self, place: Place, uid: int, raw: bytes, arrived: datetime | None) -> Fetched:
        meta = {**self._where(place, uid), **({"arrived_at": arrived.isoformat()} if arrived else {})}
        return Fetched(raw, hashlib.sha256(raw).hexdigest(), meta)

    def _note(self, place: Place, uid: int, reason: str) -> Fetched:
        where = hashlib.sha256(f"{self.name} {place.uidvalidity} {uid}".encode()).hexdigest()
        words = _(
            "%(reason)s; look at it in the mailbox, folder %(folder)s, number %(uid)s",
            reason=reason,
            folder=self.name,
            uid=uid,
        )
        return Fetched(b"", f"unfetched:{where}", {**self._where(place, uid), "unfetched": True}, words)

    def _where(self, place: Place, uid: int) -> dict[str, Any]:
        return {"via": "imap", "folder": self.name, "uidvalidity": place.uidvalidity, "uid": uid}


def places(cursor: dict[str, Any]) -> dict[str, Place]:
    """The places as they lie in ChannelAccount.cursor; a folder without one is read from the start."""
    found = {}
    for folder, stored in cursor.items():
        if isinstance(stored, dict) and "uidvalidity" in stored:
            numbers = {name: int(stored.get(name) or 0) for name in Place.__dataclass_fields__}
            found[folder] = Place(**numbers)
    return found


def is_news(responses: Iterable[Any]) -> bool:
    """Did the server say that something arrived, or that it hangs up? `OK Still here` is neither."""
    return any(b"EXISTS" in one or b"RECENT" in one or one[0] == b"BYE" for one in responses)


def _raise_if_lost(error: Exception) -> None:
    """imaplib's abort is a kind of error, too; a protocol error leaves the line in an unknown state."""
    if isinstance(error, imaplib.IMAP4.abort):
        raise error
    if isinstance(error, ProtocolError):
        raise imaplib.IMAP4.abort(str(error)) from error
