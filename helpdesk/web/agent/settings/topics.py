"""/settings/topics: what customers write about that no tag covers, and what a lead makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk import i18n
from helpdesk.errors import Conflict, Invalid
from helpdesk.i18n import gettext as _
from helpdesk.i18n import ngettext
from helpdesk.models import Brand, Topic
from helpdesk.people import accounts, brands
from helpdesk.reports import chart
from helpdesk.store.db import Unit
from helpdesk.tickets import tag_list
from helpdesk.tickets.tag import label
from helpdesk.triage import topic_search, topics
from helpdesk.web import forms, render, state, trail

HERE = "/settings/topics"
DECIDED = 20


def index(request: Request) -> Response:
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        shops = brands.list_brands(unit, access.brand_ids)
        chosen = brands.choose(shops, request.query_params.get("brand"))
        facts = _facts(unit, chosen) if chosen else {}
    return render.page(
        request,
        "agent/settings/topics.html",
        block="section",
        brands=shops,
        brand=chosen,
        **facts,
    )


def show(request: Request, status: int = 200) -> Response:
    """One topic with all its tickets."""
    form = forms.of(request)
    with state.parts(request).database.read() as unit:
        topic = topics.get_topic(unit, state.access(request), request.path_params["key"])
        brand = brands.get_by_id(unit, topic.brand_id)
        found = topics.list_samples(unit, [topic], most=topic.size)
        tags = _tags(unit, brand.pk)
    name, labels = topics.plan_name(topic)
    return render.page(
        request,
        "agent/settings/topic.html",
        status=status,
        form=form,
        brand=brand,
        topic=topic,
        tickets=found.get(topic.pk, []),
        tags=tags,
        plan=(name, {language: form.value(language, words) for language, words in labels.items()}),
        trend=_trend(topic),
    )


def search(request: Request) -> Response:
    with state.parts(request).database.write() as unit:
        brand = brands.get_brand(unit, state.access(request), forms.of(request).value("brand"))
        try:
            topic_search.ask(unit, brand.pk, by=state.agent(request))
        except Conflict as error:
            return render.redirect(request, _of(brand), notice=_(error.template), kind="info")
        trail.note(request, unit, "topics_asked", brand_id=brand.pk)
    return render.redirect(request, _of(brand))


def make_tag(request: Request) -> Response:
    """`ja` and `en` are what people see of it; `name` is what macros and reports know it by."""
    form, key = forms.of(request), request.path_params["key"]
    labels = {language: form.text(language, most=60) for language in ("ja", "en")}
    name = form.text("name", most=59) or next(filter(None, labels.values()), "")
    try:
        with state.parts(request).database.write() as unit:
            topic = topics.get_topic(unit, state.access(request), key, locked=True)
            by = accounts.get_by_id(unit, state.agent(request).pk)
            said = {language: words or name for language, words in labels.items()}
            tag, done = topics.make_tag(unit, topic, name=name, labels=said, colour="", by=by)
            trail.note(
                request, unit, "topic_tagged", brand_id=topic.brand_id, tag=tag.name, tickets=done,
                phrases=topic.phrases,
            )  # fmt: skip
            brand, shown = brands.get_by_id(unit, topic.brand_id), label(tag)
    except Invalid as error:
        form.reject(error)
        return show(request, 422)
    return render.redirect(request, _of(brand), notice=_put_on(done, shown))


def add(request: Request) -> Response:
    """`tag` is the key of a tag that there is."""
    form, key = forms.of(request), request.path_params["key"]
    with state.parts(request).database.write() as unit:
        topic = topics.get_topic(unit, state.access(request), key, locked=True)
        tag = tag_list.get_tag(unit, state.access(request), form.value("tag"))
        by = accounts.get_by_id(unit, state.agent(request).pk)
        done = topics.add_to(unit, topic, tag, by=by)
        trail.note(
            request, unit, "topic_added", brand_id=topic.brand_id, tag=tag.name, tickets=done,
            phrases=topic.phrases,
        )  # fmt: skip
        brand, shown = brands.get_by_id(unit, topic.brand_id), label(tag)
    return render.redirect(request, _of(brand), notice=_put_on(done, shown))


def dismiss(request: Request) -> Response:
    with state.parts(request).database.write() as unit:
        topic = topics.get_topic(unit, state.access(request), request.path_params["key"], locked=True)
        topics.dismiss(unit, topic, by=state.agent(request))
        return _decided(
            request, unit, topic, "topic_dismissed", _("It stays away, also when it comes again.")
        )


def take_up(request: Request) -> Response:
    with state.parts(request).database.write() as unit:
        topic = topics.get_topic(unit, state.access(request), request.path_params["key"], locked=True)
        topics.take_up(unit, topic)
        return _decided(request, unit, topic, "topic_taken_up", _("The topic waits for a decision again."))


def take_back(request: Request) -> Response:
    """The tag goes off its tickets again."""
    with state.parts(request).database.write() as unit:
        topic = topics.get_topic(unit, state.access(request), request.path_params["key"], locked=True)
        by = accounts.get_by_id(unit, state.agent(request).pk)
        name = topic.tag
        done = topics.take_back(unit, topic, by=by)
        words = ngettext("Taken off %(num)s ticket.", "Taken off %(num)s tickets.", done)
        return _decided(request, unit, topic, "topic_taken_back", words, tag=name, tickets=done)


def _decided(request: Request, unit: Unit, topic: Topic, event: str, notice: str, **data: Any) -> Response:
    trail.note(request, unit, event, brand_id=topic.brand_id, phrases=topic.phrases, **data)
    return render.redirect(request, _of(brands.get_by_id(unit, topic.brand_id)), notice=notice)


def _facts(unit: Unit, brand: Brand) -> dict[str, Any]:
    waiting = topics.list_topics(unit, brand.pk, "open")
    decided = topics.list_topics(unit, brand.pk, "tagged", "dismissed")
    decided.sort(key=lambda one: one.decided_at or one.seen_at, reverse=True)
    tags = _tags(unit, brand.pk)
    return {
        "topics": waiting,
        "decided": decided[:DECIDED],
        "samples": topics.list_samples(unit, waiting),
        "plans": {topic.pk: topics.plan_name(topic) for topic in waiting},
        "trends": {topic.pk: _trend(topic) for topic in waiting},
        "tags": tags,
        "labels": {name: shown for _key, name, shown in tags},
        "last": topic_search.find_last(unit, brand.pk),
    }


def _tags(unit: Unit, brand_id: int) -> list[tuple[str, str, str]]:
    """Key, name and what people see, in the order in which people look for it."""
    listed = [(one.key, one.name, label(one)) for one in topics.list_tags(unit, brand_id)]
    return sorted(listed, key=lambda one: one[2].casefold())


def _trend(topic: Topic) -> Any:
    return chart.weeks(topic.weeks, text=_in_words(topic.weeks))


def _in_words(weeks: Sequence[int]) -> str:
    return _("Tickets week by week, the newest last: %(numbers)s", numbers=", ".join(map(i18n.number, weeks)))


def _put_on(done: int, shown: str) -> str:
    return ngettext(
        "%(num)s ticket is tagged %(tag)s; the classifier learns it at its next training.",
        "%(num)s tickets are tagged %(tag)s; the classifier learns it at its next training.",
        done,
        tag=shown,
    )


def _of(brand: Brand) -> str:
    return f"{HERE}?brand={brand.key}"
