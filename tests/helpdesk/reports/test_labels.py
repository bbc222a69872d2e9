"""Reports go by stable names; readers see the shop's own words in their language."""

from __future__ import annotations

from helpdesk import i18n
from helpdesk.models import Brand
from helpdesk.reports import labels
from helpdesk.store.db import Database
from helpdesk.tickets import tag
from helpdesk.triage import about


def test_a_product_category_reads_as_its_tag_is_called(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        row = tag.get_or_create(unit, brand.pk, about.tag_of("kitchen"))
        row.labels = {"ja": "台所", "en": "Kitchen"}
    for language, word in (("ja", "台所"), ("en", "Kitchen")):
        with i18n.using(language), database.read() as unit:
            tags = labels.read_tags(unit, (brand.pk,))
            assert labels.label("category", "kitchen", tags) == word
            assert labels.label("category", "towels", tags) == "towels"
