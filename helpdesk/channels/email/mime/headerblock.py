"""The block of From/Sent/To/Subject lines that Outlook and its kin put above the original, in any
language.
"""

from __future__ import annotations

import re

# kind -> the field's names in the mail programs' languages, lower case
_NAMES = {
    "from": "from|von|de|da|van|od|från|fra|lähettäjä|от|від|от кого|kimden|gönderen|feladó|de la|από"
    "|từ|dari|pengirim|remitente|expéditeur"
    "|mittente|remetente|afzender|absender|odesílatel|nadawca|avsändare|afsender|avsender|差出人"
    "|送信者|送信元"
    "|発信者|差し出し人"
    "|发件人|寄件者|寄件人|寄件者|보낸 사람|보낸사람|발신|מאת|من|จาก",
    "date": "sent|date|gesendet|gesendet am|datum|envoyé|envoyé le|le|enviado|enviado el|enviada em"
    "|enviado em|fecha|data|inviato|verzonden"
    "|wysłano|wysłane|skickat|skickades|sendt|dato|lähetetty|päivämäärä|päiväys|отправлено|дата"
    "|надіслано|gönderildi|gönderme tarihi|tarih"
    "|elküldve|küldve|trimis|date sent|sent on|sent at|odesláno|verschickt|date d'envoi|送信日時|日時"
    "|送信日|日付"
    "|受信日時|发送时间|日期|时间|寄件日期|傳送日期|보낸 날짜|날짜"
    "|אֲל|נשלח|التاريخ|تم الإرسال|ngày|tanggal|terkirim|ημερομηνία|στάλθηκε|วันที่|invio",
    "to": "to|an|à|a|aan|para|do|till|til|vastaanottaja|кому|kime|alıcı|címzett|către|προς|đến|kepada"
    "|destinataire|destinatario|destinatário|pour|komu"
    "|宛先|受信者|送信先|收件人|收件者|받는 사람|받는사람|수신|אל|إلى|ถึง",
    "subject": "subject|betreff|objet|sujet|asunto|oggetto|assunto|onderwerp|temat|ämne|emne|aihe|тема"
    "|konu|tárgy|subiect|θέμα|chủ đề|subjek"
    "|předmět|件名|題名|タイトル|主题|主題|主旨|标题|제목|נושא|الموضوع|เรื่อง",
    "other": "cc|bcc|kopie|kopia|copie|cópia|copia|kopi|kopio|копия|ccn|cci|másolat|抄送|副本|참조|ｃｃ"
    "|importance|priority|wichtigkeit|reply-to"
    "|antwort an|répondre à|返信先|重要度|attachments?|anlagen|添付ファイル|organization|newsgroups"
    "|message-id"
    "|category|resent-from|x-mailer|mailed-by",
}
_KINDS = {name: kind for kind, names in _NAMES.items() for name in names.split("|")}
_FIELD = re.compile(r"^[>\s|＞*_]{0,12}([^\W\d_][^:：<>@]{0,24}?)[\s*_]{0,4}[:：]\s*[*_]{0,3}\s*(.{0,400})")
_BRACKETED = re.compile(r"^[>\s]{0,12}[【\[]([^\W\d_][^】\]]{0,12})[】\]]\s*[:：]?\s*(.{0,400})")
_ONE_LINE = re.compile(
    r"^[>\s*_]{0,12}(?:from|von|de|差出人)[*_]{0,2}\s*[:：].{3,200}\s[*_]{0,2}"
    r"(?:date|sent|gesendet|envoyé|送信日時|日時|日付)[*_]{0,2}\s*[:：].{0,20}\d",
    re.I,
)
_EMPTY = re.compile(r"^[>\s|＞*]*$")
_VALUED = re.compile(r"@|\d{1,4}\s*[-/.:年]\s*\d|\b(?:19|20)\d\d\b")
_DIVIDER = re.compile(r"^[>\s]*(?:[-_=*‐―─━]{3,}.{0,80}|.{0,80}[-_=*─━]{3,})\s*$")
MAX_LINES = 14


def find_block(lines: list[str], index: int) -> int | None:
    """The line after a header block that starts at `index`, None if none does."""
    if _kind(lines[index])[0] not in ("from", "date", "subject", "to"):
        return None
    if len(lines[index]) < 600 and _ONE_LINE.match(lines[index]):
        return index + 1
    kinds: set[str] = set()
    valued = False
    position, last, blanks, loose = index, index, 0, 0
    while position < min(len(lines), index + MAX_LINES):
        kind, value = _kind(lines[position])
        if kind:
            kinds.add(kind)
            valued = valued or (kind in ("from", "date", "to") and bool(_VALUED.search(value)))
            last, blanks, loose = position, 0, 0
        elif _EMPTY.match(lines[position]):
            blanks += 1
            if blanks > 1 or _is_block(kinds, valued):
                break
        elif loose or (not lines[position].startswith((" ", "\t", ">", "<")) and len(kinds) < 2):
            break
        else:
            loose += 1  # a long list of recipients goes on in the next line
        position += 1
    return last + 1 if _is_block(kinds, valued) else None


def _is_block(kinds: set[str], valued: bool) -> bool:
    """A form a customer fills in has a subject and an address too, but no sender, date and recipient
    lines."""
    if "from" not in kinds or not valued:
        return False
    return "date" in kinds or {"to", "subject"} <= kinds


def _kind(line: str) -> tuple[str, str]:
    if len(line) > 600:
        return "", ""
    match = _FIELD.match(line) or _BRACKETED.match(line)
    if not match:
        return "", ""
    return _KINDS.get(match[1].strip(" *_").lower().replace("　", ""), ""), match[2]


def start_of(lines: list[str], index: int) -> int:
    """Where the divider (rule, "Original Message") above a header block begins."""
    position = index
    seen = 0
    while position > 0 and seen < 3:
        above = lines[position - 1]
        if len(above) > 200:
            break
        if _EMPTY.match(above):
            seen += 1
        elif not _DIVIDER.match(above):
            break
        position -= 1
    while position < index and _EMPTY.match(lines[position]):
        position += 1
    return position
