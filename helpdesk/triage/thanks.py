"""A customer who only says thanks after our answer waits for nothing: the ticket rests, or ends quietly.

Wrongly quiet is far worse than wrongly open, so everything has to speak for it: the classifier's opinion of the whole
and of each sentence, and no word that begins something new. Whoever writes on wakes the ticket as ever.
"""

from __future__ import annotations

import re

from classifiers import Classification, Model
from helpdesk.channels.registry import CONVERSATIONAL
from helpdesk.models import Message, Status, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import close, log

THANKS = "no_reply_needed"
SURE = 0.9
DOUBT = 0.25  # of another tag in one of the sentences
LONGEST = 240  # characters; who writes more has something to say
SENTENCES = 8
CALM = ("positive", "neutral")
SENTENCE = re.compile(r"[^。．.!！\n♪☆★]+")
DIGITS = re.compile(r"[0-9０-９]{3,}")
JAPANESE = re.compile(
    r"[?？]|ただ[、,し今]|しかし|でも|けれど|けど|[すたい]が[、,。\s]|のに|まだ|もう[一1１ひ]|再度|ところで|ちなみに|それと|それから"
    r"|あと[、,はで]|加えて|別の|別件|また[、,]|追加|ください|下さい|ほしい|欲しい|たいです|たいので|たいと|しょうか|ますか|ですか|ませんか|いつ"
    r"|違[いうっ]|間違|壊|不良|不足|遅|残念|困|返品|返金|交換|キャンセル|質問|確認した|至急|急[いぎ]"
    r"|(?<!よろしく)(?<!宜しく)お願い|(?<!問題)(?<!問題は)(?<!なんとも)ない"
    r"|(?<!問題あり)(?<!構い)(?<!かまい)(?<!及び)(?<!申し訳あり)(?<!申し訳ござい)(?<!すみ)(?<!差し支えあり)(?<!とんでもござい)ません"
)
ENGLISH = re.compile(
    r"\?|n[’']t\b|\b(?:but|however|though|although|except|apart|still|yet|another|also|besides|unfortunately|sadly|please|pls"
    r"|when|why|how|where|what|which|can|could|would|should|not|nothing|never|none|wrong|missing|broken|damaged|torn|late"
    r"|until|unless|only|waiting|wait|instead|cancel\w*|refund\w*|return\w*|exchang\w*|question\w*|one more|one thing"
    r"|if|need(?! to reply| to answer| to respond)|want|wondering|quick|asap|urgent\w*|issue|problem(?!s? solved))\b",
    re.IGNORECASE,
)


def may_rest(ticket: Ticket, message: Message) -> bool:
    """Whether we have answered all there was. A running chat ends by itself."""
    return (
        ticket.status in (Status.PENDING, Status.CLOSED)
        and ticket.waiting_since is None
        and ticket.first_response_at is not None
        and ticket.channel not in CONVERSATIONAL
        and not message.unattended
    )


def only_thanks(model: Model, text: str, found: Classification) -> bool:
    """Pure but for the model. In Japanese and English alone: elsewhere nobody knows the words that begin something."""
    words = text.strip()
    begins = {"ja": JAPANESE, "en": ENGLISH}.get(found.lang)
    if begins is None or not words or len(words) > LONGEST or found.sentiment not in CALM:
        return False
    if [one.tag for one in found.tags] != [THANKS] or found.tags[0].score < SURE:
        return False
    if DIGITS.search(words) or begins.search(words) or ENGLISH.search(words):
        return False
    sentences = [one for one in SENTENCE.findall(words) if one.strip()]
    return len(sentences) <= SENTENCES and not any(_is_more(model, one) for one in sentences)


def rest(unit: Unit, ticket: Ticket, message: Message) -> None:
    """The message has joined without waking anything; a ticket that nobody meant to come back to ends."""
    log.write(unit, ticket, "thanked", message=message.pk)
    if ticket.status == Status.PENDING and ticket.snoozed_until is None:
        close.close(unit, ticket, by=None)


def _is_more(model: Model, sentence: str) -> bool:
    found = model.classify(sentence)
    other = max((score for tag, score in found.ranked if tag not in (THANKS, "spam")), default=0.0)
    return other >= DOUBT or found.sentiment not in CALM
