"""Pages of the shop that a signed-in visitor opened: they stand on the customer's line of time, for ninety days.

Of strangers none is kept. What stands behind an address's question mark may be a secret and is left out.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy import delete
from sqlmodel import col, select

from helpdesk.models import SiteVisit, Visitor
from helpdesk.store.db import Unit

KEPT_FOR = timedelta(days=90)


def note(unit: Unit, visitor: Visitor) -> None:
    """Where they are now; a page that is loaded again is one visit."""
    url = shown(visitor.page)
    if not (visitor.verified and visitor.customer_id and url):
        return
    newest = select(SiteVisit.url).where(SiteVisit.visitor_id == visitor.pk)
    if unit.session.exec(newest.order_by(col(SiteVisit.id).desc()).limit(1)).first() == url:
        return
    unit.session.add(
        SiteVisit(
            brand_id=visitor.brand_id,
            visitor_id=visitor.pk,
            customer_id=visitor.customer_id,
            url=url,
            title=visitor.title,
            created_at=unit.now,
        )
    )


def shown(page: str) -> str:
    """A page of the web without its question and its mark, or nothing."""
    try:
        parts = urlsplit(page)
    except ValueError:
        return ""
    if parts.scheme not in ("https", "http") or not parts.hostname:
        return ""
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path or "/", "", ""))[:2000]


def sweep(unit: Unit) -> int:
    """Returns how many went."""
    old = delete(SiteVisit).where(col(SiteVisit.created_at) < unit.now - KEPT_FOR)
    return int(getattr(unit.session.execute(old), "rowcount", 0))
