"""The lines with which mail programs introduce the original: "On … wrote:", 「…のメール:」, "-----Original
Message-----".
"""

from __future__ import annotations

import re

QUOTE = re.compile(r"^\s{0,3}(?:[>＞›»]|&gt;|[|｜](?=\s|$))")
_TIME = r"\d{1,2}\s?[:.hHg時]\s?\d{2}"
_MAIL = r"(?<![^\s<>\"'()\[\]])[^\s<>\"'()\[\]]+@[^\s<>\"'()\[\]]+"
_DATED = re.compile(
    rf"{_TIME}|{_MAIL}|\b(?:19|20)\d\d\b|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}|\d{{1,2}}月\d{{1,2}}日"
)
_SURE = re.compile(
    rf"{_TIME}|{_MAIL}|\d{{1,2}}月\d{{1,2}}日|(?:19|20)\d\d[-/.年]\d{{1,2}}"
    rf"|\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:\d\d)?\d\d|\d{{1,2}},? (?:19|20)\d\d"
)
# verbs that end the introduction
_AFTER = re.compile(
    r"(?:\b(?:wrote|writes|has written|said|a écrit|écrit|escribió|ha escrito|ha escrit|va escriure"
    r"|escribi[oó]|ha scritto|scrive|escreveu|schrieb|schreef|skrev|schrijft"
    r"|kirjoitti|napsal(?:a|\(a\))?|napisał(?:a|\(a\)|/a)?|pisze|написал(?:а|\(а\)|\(-а\)|/а)?|пишет"
    r"|писал(?:а|\(а\))?|пише|написав|написала"
    r"|yazd[ıi]|şunu yazdı|şunları yazdı|írta|ezt írta|a scris|έγραψε|đã viết|menulis|geschreven"
    r"|het volgende geschreven|idatzi du|skrifaði"
    r"|napísal(?:a|\(a\))?|je napisao(?:/la)?|je napisal(?:a|/-a)?|rašė|rakstīja|kirjutas|написа)"
    r"|のメール|のメッセージ|(?:は|が|さんは|さんが|様は)?書きました|さんは書きました|の書き込み"
    r"|書いた|より|からのメール|が送信|のご連絡"
    r"|写道|寫道|写到|撰寫|님이 작성|작성|썼습니다|wrote on|כתב(?:/ה)?|كتب(?:ت)?"
    r"|เขียนว่า|نوشت)\s*(?:[(（\[].{0,60}[)）\]])?\s*[:：…。]?\s*$",
    re.I,
)
# verbs before the name: "schrieb Name:"
_MIDDLE = re.compile(
    r"\b(?:schrieb|schreef|skrev|wrote|skrifaði|escribió|a écrit|ha scritto|escreveu|kirjoitti|napsal"
    r"|napisał|yazdı)\b.{1,200}[:：]\s*$",
    re.I,
)
_STARTED = re.compile(
    r"^[\s*>-]{0,6}(?:in message|in article|at|<[^<>]{3,200}>の記事において|on|am|le|el|il|em|op|den|på|dnia"
    r"|w dniu|dne|dňa|в|вт|пн|ср|чт|пт|сб|вс|a|no dia|na"
    r"|pe|în|la|στις|vào|pada|tarih|在|于|於|il giorno|il dì|à|ons|tor|tir|man|fre|lør|søn|mån|tis|ti|ke|to"
    r"|su|la|ma"
    r"|mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim)\b[.,]?",
    re.I,
)
_BEGINS_WITH_DATE = re.compile(
    rf"^[\s*>(-]{{0,6}}(?:\w{{2,12}}[,.]?\s)?(?:{_TIME}|\d{{1,4}}\s?[-/.年]\s?\d{{1,2}}\s?[-/.月]"
    rf"|\d{{1,2}}\.?\s(?:de\s)?\w{{3,10}}\.?,?\s(?:de\s)?(?:19|20)\d\d"
    rf"|\w{{3,9}}\.? \d{{1,2}}, (?:19|20)\d\d)"
)
_ENDS_WITH_MAIL = re.compile(rf"[<(\[]?\s*(?:mailto:)?{_MAIL}\s*[>)\]]*(?:さん|様)?\s*[:：]\s*$")
_PERSONAL = re.compile(
    r"\b(?:i|you|we|they|it|site|page|system|ich|sie|wir|er|je|vous|nous|yo|usted|io|lei|eu|ik|jij"
    r"|u)\s+(?:\w+\s+)?(?:wrote|writes|said|schrieb(?:en)?|écrit|escribió|ha scritto|escreveu|schreef)",
    re.I,
)
_SENTENCE = re.compile(r"[。？?！!](?!\s*[)）>\]])|(?:です|ます|ください|でした|下さい)[、。:：]?$")
_ORIGINAL = re.compile(
    r"^[>\s]*(?:[-_=*~#─━]{2,}\s*)(?:(?:the )?original (?:message|text|mail|email|appointment)"
    r"|ursprüngliche (?:nachricht|mail|e-mail)|original-?nachricht|message (?:d'|d’|initial "
    r"|original)?(?:origine)?|oorspronkelijk bericht"
    r"|mensaje original|messaggio originale|mensagem original|oprindelig meddelelse|opprinnelig melding"
    r"|ursprungligt meddelande|alkuperäinen viesti|originalmeddelande"
    r"|oryginalna wiadomość|wiadomość oryginalna|původní (?:zpráva|e-mail)|исходное сообщение"
    r"|оригинальное сообщение|eredeti üzenet|mesaj original|özgün ileti|orijinal (?:mesaj|ileti)"
    r"|元の?(?:メッセージ|メール)|元のﾒｯｾｰｼﾞ|オリジナル(?:メッセージ|メール)|original message"
    r"|原始(?:邮件|郵件|信件)|원본 (?:메시지|메일)|원본메시지"
    r"|repl(?:y|ied) (?:message|separator)|in reply to|quoted (?:text|message)|引用|返信元(?:メール"
    r"|メッセージ)?"
    r"|previous message|以下、?元のメール)\s*(?:[-_=*~#─━:：]{1,}.{0,40})?$",
    re.I,
)
_MARKER = re.compile(
    r"^[>\s*]*+(?:#{2,}+\s*+(?:-\s*+)?|[-=]{2,}+\s*+|[—–]{1,}+\s*+)?(?:please )?(?:type your )?(?:(?:reply"
    r"|respond|write) (?:above|over) (?:this|the) line|to reply,? (?:please )?(?:write|type) above"
    r"|この(?:線|行|ライン)より上に"
    r"|antworten? sie (?:bitte )?oberhalb dieser (?:linie|zeile)|répondez au-dessus de cette ligne"
    r"|responda por encima de esta línea)",
    re.I,
)
_FORWARD = re.compile(
    r"^[\s*]*(?:[-_=]{2,}\s*)?(?:begin forwarded message|forwarded (?:message|mail|by)"
    r"|start of forwarded message|original forwarded message|anfang der weitergeleiteten (?:nachricht"
    r"|e-mail)|weitergeleitete nachricht|message transféré|début du message (?:transféré|réexpédié)"
    r"|message réexpédié"
    r"|mensaje reenviado|inicio del mensaje reenviado|inizio messaggio inoltrato|messaggio inoltrato"
    r"|messaggio rispedito|mensagem (?:encaminhada|reenviada)|início da mensagem (?:encaminhada"
    r"|reenviada)|doorgestuurd bericht|begin doorgestuurd bericht"
    r"|vidarebefordrat (?:meddelande|brev)|vidarebefordrat meddelande|videresendt (?:melding|besked)"
    r"|start på videresendt|välitetty viesti|edelleenlähetetty viesti|wiadomość przekazana"
    r"|przekazana wiadomość|přeposlaná zpráva|пересылаемое сообщение|пересланное сообщение"
    r"|начало переадресованного сообщения|переслане повідомлення"
    r"|továbbított (?:levél|üzenet)|iletilen mesaj|iletilmiş mesaj|転送(?:された)?(?:メッセージ"
    r"|メール)|転送メール|以下転送"
    r"|以下、転送|转发(?:的)?(?:邮件|信息)|轉寄(?:的)?郵件|轉寄的訊息|已轉寄|전달된 (?:메시지|메일))",
    re.I,
)
_NO_QUOTE = re.compile(r"^\s*(?:[>|]{1,2}\s*[(\[]?[_.\-;:]*[<)(D]\s*|\|.*\||>+\s*[:：])\s*$")
_OPEN_END = re.compile(r"(?:wrote|a écrit|schrieb|書きました|写道|寫道)$", re.I)
_GMT = re.compile(r"^\d{4}-\d\d-\d\d \d{1,2}:\d\d (?:GMT|UTC)[+-]\d\d:?\d\d .{1,100}$")
_FORWARD_SUBJECT = re.compile(
    r"^\s*[\[(]?(?:fwd?|fw|wg|tr|rv|enc|i|doorst|vs|vb|vl|pd|転送|转发|轉寄|전달)\s*[:：]",
    re.I,
)
_END = re.compile(
    r"(?:[:：>)）\]*]|wrote|writes|said|crit|schrieb|した。?|いた|より|道|到|寫)\s*$|^\d{4}-\d\d-\d\d "
)
_DATED_END = re.compile(
    r"\b(?:schrieb am|wrote on|a écrit le|escribió el|ha scritto il|escreveu em|schreef op"
    r"|skrev den)\b.{0,60}\d[\d:. ]*:$",
    re.I,
)
MAX_SPAN = 5
MAX_JOINED = 320


def is_quote(line: str) -> bool:
    """A line that a mail program marked as quoted, and neither a smiley, a table nor the end of a
    wrapped address."""
    return bool(QUOTE.match(line)) and not _NO_QUOTE.match(line)


def is_forward(line: str) -> bool:
    """The line that opens forwarded content."""
    return (
        len(line) < 200
        and bool(_FORWARD.match(line))
        and bool(re.match(r"^[\s*]*[-_=]{2}", line) or line.rstrip(" *-").endswith((":", "：")))
    )


def is_original(line: str) -> bool:
    """A divider such as "-----Original Message-----", or a desk's "reply above this line"."""
    return len(line) < 200 and bool(_ORIGINAL.match(line) or _MARKER.match(line))


def is_forward_subject(subject: str) -> bool:
    """A subject that says "forwarded" in one of the mail programs' languages."""
    return bool(_FORWARD_SUBJECT.match(subject))


def find_attribution(lines: list[str], index: int) -> tuple[int, bool] | None:
    """The line after an introduction that starts at `index`, and whether it stands for itself (no
    `>` needed below)."""
    near = lines[index : index + MAX_SPAN]
    if not any(len(line) <= MAX_JOINED and _END.search(line.rstrip("-*_ ")) for line in near):
        return None
    joined = ""
    weak: tuple[int, bool] | None = None
    for position in range(index, min(index + MAX_SPAN, len(lines))):
        line = lines[position].strip().lstrip("> ＞") if position == index else lines[position].strip()
        if not line or len(line) > MAX_JOINED or (position > index and is_quote(line)):
            break
        joined = f"{joined} {line}" if joined else line
        if len(joined) > MAX_JOINED:
            break
        sure = _judge(joined) if _END.search(line.rstrip("-*_ ")) else None
        if sure is not None and _starts_here(lines, index, position):
            if sure:
                return position + 1, True
            weak = position + 1, False  # the next line may hold the verb
    return weak


def _starts_here(lines: list[str], index: int, last: int) -> bool:
    """An introduction may be wrapped over lines; the reader's own last line above it must not be
    taken for its start."""
    if index == last or _is_begun(lines[index]):
        return True
    return not any(
        _judge(" ".join(line.strip() for line in lines[start : last + 1])) is not None
        for start in range(index + 1, last + 1)
    )


def _is_begun(text: str) -> bool:
    bare = text.strip("*_ -–—")
    return bool(_BEGINS_WITH_DATE.match(bare)) or bool(_STARTED.match(bare) and re.search(r"\d", bare))


def _judge(text: str) -> bool | None:
    """True: an introduction beyond doubt; False: one if `>` lines follow; None: no introduction."""
    bare = " ".join(text.split()).strip("*_ -–—")
    if _SENTENCE.search(bare.removesuffix("。")):
        return None
    if not re.search(r"\d|@", bare):
        named = len(bare) < 100 and bare.endswith(
            ("wrote:", "schrieb:", "a écrit :", "書きました:", "書きました：")
        )
        return False if named and _STARTED.match(bare) else None
    verb = bool(_AFTER.search(bare)) or bool(_MIDDLE.search(bare))
    ended = bare.endswith((":", "："))
    begun = _is_begun(bare)
    if _PERSONAL.search(bare):
        return False if ended and begun and verb else None
    mail = re.search(_MAIL, bare)
    if verb and _DATED.search(bare):
        if (begun or mail) and _SURE.search(bare) and (ended or _OPEN_END.search(bare)):
            return True
        return False if ended or begun else None
    if _DATED_END.search(bare):
        return True
    if _BEGINS_WITH_DATE.match(bare) and (_ENDS_WITH_MAIL.search(bare) or _GMT.match(bare)):
        return True
    if begun and re.search(_TIME, bare) and re.search(rf"{_MAIL}\s*[>)\]]?.{{0,24}}[:：]$", bare):
        return True
    if ended and (mail or re.search(_TIME, bare)):
        return False
    return False if _BEGINS_WITH_DATE.match(bare) and mail and bare.endswith(">") else None
