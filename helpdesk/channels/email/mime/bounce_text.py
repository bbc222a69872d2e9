"""Bounces without a delivery report: who sends them, what their subjects say, and the words of mail
systems and carriers.
"""

from __future__ import annotations

import re

from helpdesk.channels.email.mime.mail import Address
from helpdesk.channels.email.mime.structure import Part

_DAEMON = re.compile(
    r"^\"?(?:mailer-?daemon|mail-?daemon|post_?master|postoffice|mail-?delivery|mdaemon|double-?bounce"
    r"|mmdf|smtp-?daemon|mail_?deliv\w*"
    r"|undeliverable|messaging-?server|bounce-?(?:handler|notice|daemon)|system-?administrator"
    r"|e\d+_smtp_mail_service|noreply-mail-?delivery)"
    r"(?:[+._-].*)?\"?(?:\\?@|$)",
    re.I,
)
_DAEMON_NAME = re.compile(
    r"mail delivery (?:sub)?system|mailer.?daemon|^postmaster|mail administrator|delivery (?:subsystem"
    r"|service)|internet mail delivery"
    r"|mail system|メール(?:配信|管理|システム)",
    re.I,
)
_MACHINE = re.compile(
    r"^\"?(?:root|mailer|daemon|bounces?|bouncer|mail-?admin|system-?admin\w*|mail-?er(?:ror)?"
    r"|mail-?notifier|mxmail|nobody|uucp|notes|amavis\w*"
    r"|scanner|mailscan\w*|no-?_?reply|do-?not-?reply|mail\.?system|system|admin\w*|mail|smtp"
    r"|exchange\w*|mta|server)(?:[+._-].*)?\"?(?:\\?@|$)",
    re.I,
)
_ANSWER = re.compile(r"\s*(?:re|aw|sv|fwd?|antw|wg|tr|rv|転送|返信)\s*[:：]", re.I)
_STRONG = re.compile(
    r"\b[45]\d\d[ -]#?[45]\.\d{1,3}\.\d{1,3}|smtp (?:error|protocol)|error code 5\d\d|\b55[0-4][ -]"
    r"|(?:remote|other) (?:host|mail system|server) (?:said|respon)"
    r"|following (?:recipient|address|e-?mail|destination)|(?:could not|cannot|couldn't|can't"
    r"|can not) be delivered to|failed recipient|permanent (?:fatal )?error"
    r"|delivery (?:to the following|has failed)|transcript of session|mailbox unavailable|user unknown"
    r"|unknown user|no such user|unable to relay|quota exceeded"
    r"|over quota|mailbox (?:is )?full|undeliverable|\"notificationtype\"\s*:\s*\"bounce\""
    r"|メールボックスが(?:一杯"
    r"|いっぱい|満杯)|送信できませんでした|配信できませんでした"
    r"|配信されませんでした|送信先メールアドレス|(?:次|下記|以下)の(?:あて先|宛先|メールアドレス)"
    r"|宛先(?:の)?(?:メール)?アドレス(?:が|は)(?:見つかり|存在)"
    r"|受信者.{0,12}存在しません",
    re.I,
)
_RETURNED = re.compile(
    r"(?im)^[ \t>-]{0,12}(?:received: (?:from|by) |return-path: ?<|-{1,40} ?(?:the )?(?:original"
    r"|returned|undelivered|unsent) (?:message|mail|text)"
    r"|-{0,40} ?(?:header|copy) of the (?:source|original|message))"
)
_SUBJECT = re.compile(
    r"undeliver|delivery (?:status )?(?:notification|failure|failed|error|report|problem|delay"
    r"|incomplete|has been delayed)|(?:mail|message|email) (?:delivery|could not be delivered"
    r"|not delivered|returned|delayed|system error|status report)|returned? (?:mail|to sender|message"
    r"|email)|delivery (?:unsuccessful|impossible)"
    r"|failure (?:notice|delivery|notification)|mail (?:failure|error|system error|undeliverable"
    r"|returned)|could ?n[o']t (?:be delivered|send)|can(?:no|')t (?:be delivered|deliver)|non ?remis"
    r"|non[- ]?delivery|nondeliver|rejected|permanent (?:delivery )?failure|bounced?\b"
    r"|warning: (?:could not send|message)|unable to deliver|nicht zugestellt|unzustellbar|zustellung"
    r"|user unknown|not (?:be )?delivered|no se (?:ha podido|puede|pudo) entregar|non consegnat"
    r"|mancata consegna|não (?:foi )?entreg|не доставлено|недоставлен|niedostarcz|odeslání"
    r"|配信(?:不能|エラー|失敗|できません)|送信(?:エラー|失敗|できません)|メール(?:システム)?エラー"
    r"|未配信|不達|宛先不明|退信|系统退信|投递失败|投遞失敗|배달\s*실패|반송"
    r"|error (?:message|report|sending)|recipient (?:unknown|rejected)|out of quota|quota exceeded"
    r"|mailbox full|delay(?:ed)?:|problem(?:s)? delivering|^error$",
    re.I,
)
_WORDS = re.compile(
    r"the following (?:recipient|address|message|destination|email|user)|did not reach the following"
    r"|(?:was|were|is|has been|be|being) (?:undeliverable|not delivered|undelivered|returned|rejected"
    r"|bounced)|could not (?:be )?(?:deliver|sent|send|process|reach)|couldn't (?:be )?deliver"
    r"|unable to (?:be )?(?:deliver|relay|send|reach)|(?:can|could)(?:no|')t be (?:delivered|sent|found"
    r"|reached)|cannot deliver|can not be delivered"
    r"|delivery (?:to the following|has failed|failed|attempt|status|error|not attempted|of your)"
    r"|permanent (?:fatal )?(?:error|failure)|transcript of session|user (?:unknown|doesn't exist"
    r"|does not exist|not found|not known|is unknown)|unknown (?:user|recipient|address|local)"
    r"|no such (?:user|recipient|address|mailbox|person|local user)|mailbox (?:full|is full|unavailable"
    r"|not found|unknown|disabled|quota)|over ?quota|quota exceeded|undeliver|unzustellbar"
    r"|nicht zugestellt|no longer (?:valid|active|available|exists)"
    r"|recipient(?:s)? (?:address |name )?(?:rejected|unknown|not found|is not)|i'm afraid i wasn't able"
    r"|i'm sorry to have to inform you|undelivered|non[- ]?delivery|failed (?:to deliver|recipient"
    r"|permanently|address)|host (?:unknown|not found|said)|this is (?:a permanent error"
    r"|the mail (?:system|delivery))|returned (?:message|mail|to sender)"
    r"|account (?:has been )?(?:disabled|suspended|inactive)|message (?:size )?exceeds|not listed in"
    r"|smtp (?:error|server)|retry timeout|\b5\d\d[ -#]5\.\d\.\d|\b55[0-9][ -]"
    r"|reason(?:s)? for (?:the )?(?:failure|non)|error (?:is|was)|mail (?:rejected|refused|delivery)"
    r"|rejected"
    r"|(?:配信|送信|配送|お届け|送達|配達|転送)(?:が|は|を|すること)?(?:でき(?:ません|なかった|ず)"
    r"|不能|失敗|エラー)|配信(?:され|でき)ません|届けられません"
    r"|送ることができません|宛先(?:の)?(?:メール)?アドレス(?:が|は)?(?:見つかりません|存在しません"
    r"|不明)|ユーザー?(?:が|は)?(?:存在|不明|見つかり)"
    r"|メールボックス(?:が|の|は).{0,16}(?:一杯|いっぱい|超|容量)|受信(?:拒否|できません|を拒否)"
    r"|エラーメール|存在しないアドレス|あて先|次のあて先|次の(?:宛先"
    r"|メールアドレス|受信者)|送信先(?:の)?(?:メール)?アドレス|退回|无法(?:投递|送达)|無法(?:投遞|傳送"
    r"|遞送)|收件人|전송하지 못|수신자",
    re.I,
)
_ORIGINAL = re.compile(
    r"(?im)^[ \t>-]{0,12}(?:[- ]{0,40}(?:original message|returned message|unsent message"
    r"|original headers?|message headers?|copy of (?:the|your) message|below this line|original mail"
    r"|the header|message header|returned text|content of|undelivered message|start of)|received:"
    r"|return-path:|message-id:|from:.{1,200}\n(?:.{1,400}\n){0,4}(?:to|subject|date):)"
)
_ADDRESS = re.compile(r"<?([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z0-9-]{2,24})>?")
_DIAGNOSTIC = re.compile(
    r"(?im)^.{0,120}?\b((?:4|5)\d\d[ -](?:#?[45]\.\d{1,3}\.\d{1,3}|[^\n]{4}).{0,400})$|^.{0,60}\b(?:said"
    r"|reason|error|理由|原因)\s*[:：]\s*(.{4,400})$"
)
_CODE = re.compile(r"(?<![\d.])([45])[0-7]\d(?![\d.])[ -]")
_GUESSES = (
    (
        re.compile(
            r"(?i)mailbox (?:is )?full|over ?quota|quota exceeded|exceeded .{0,20}quota|容量|一杯|いっぱい"
        ),
        "5.2.2",
    ),
    (re.compile(r"(?i)host (?:unknown|not found)|unrouteable|domain .{0,30}(?:not|does)|ドメイン"), "5.1.2"),
    (
        re.compile(
            r"(?i)user unknown|unknown user|no such (?:user|recipient|mailbox)|does(?:n't| not) exist"
            r"|not found|存在しません|見つかりません|不明|アドレス"
        ),
        "5.1.1",
    ),
    (re.compile(r"(?i)too (?:large|big)|size exceeds|exceeds .{0,20}size|サイズ"), "5.3.4"),
    (re.compile(r"(?i)rejected|refused|denied|spam|blocked|拒否"), "5.7.1"),
    (re.compile(r"(?i)expired|timed? ?out|retry|delayed|遅延"), "4.4.7"),
)
MAX_WORDS = 60_000


def is_bounce(root: Part, sender: Address | None, subject: str, text: str) -> bool:
    """Whether a mail system wrote this to say that it could not deliver: several of its marks must meet."""
    headers = root.headers
    if headers.find("x-failed-recipients") is not None:
        return True
    if root.content_type == "multipart/report" and root.params.get("report-type", "").lower() in (
        "delivery-status",
        "",
    ):
        return True
    daemon = _daemon_weight(sender)
    envelope = (headers.find("return-path") or b"?").strip() in (b"<>", b"")
    titled = bool(_SUBJECT.search(subject)) and not _ANSWER.match(subject)
    if not (daemon or envelope or titled):
        return False
    head = _short_lines(text)
    words = bool(_WORDS.search(head))
    strong = bool(_STRONG.search(head))
    returned = _has_original(root) or bool(_RETURNED.search(head))
    if not (titled or words or strong) or not (daemon or envelope or strong):
        return False
    if _ANSWER.match(subject) and daemon < 2:
        return False
    return daemon + envelope + titled + (words or strong) + strong + returned >= 3


def is_refusal(sender: Address | None, subject: str, text: str) -> bool:
    """A mail system that dresses its refusal as a read receipt, as Dovecot does for a full mailbox."""
    return _daemon_weight(sender) == 2 and bool(
        re.search(r"(?i)reject", subject) and _WORDS.search(_short_lines(text))
    )


def _short_lines(text: str) -> str:
    """What patterns may look at: no line and no text long enough to make them slow."""
    return "\n".join(line[:400] for line in text[:MAX_WORDS].split("\n"))


def _has_original(root: Part) -> bool:
    kinds = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers")
    return any(child.content_type in kinds for child in root.children)


def _daemon_weight(sender: Address | None) -> int:
    """2: only mail systems sign so; 1: machines do; 0: anybody."""
    if sender is None:
        return 0
    name = sender.name.replace(" ", "-")
    if _DAEMON.match(sender.address) or _DAEMON.match(name) or _DAEMON_NAME.search(sender.name):
        return 2
    return 1 if _MACHINE.match(sender.address) or _MACHINE.match(name) else 0


def find_recipient(text: str, root: Part) -> str | None:
    """The address that the words say could not be reached, none of our own."""
    own = {match.lower() for match in _ADDRESS.findall(root.headers.text("to")[:MAX_WORDS])} | {
        match.lower() for match in _ADDRESS.findall(root.headers.text("from")[:MAX_WORDS])
    }
    words = _short_lines(text)
    cut = _ORIGINAL.search(words, 1)
    for place in (words[: cut.start()] if cut else words, words):
        for found in _ADDRESS.findall(place):
            if found.lower() not in own and not re.match(
                r"(?i)(?:mailer-daemon|postmaster|abuse|support|helpdesk)@", found
            ):
                return str(found).rstrip(".")
    return None


def find_diagnostic(text: str) -> str | None:
    """The line in which the other mail system gives its reason."""
    match = _DIAGNOSTIC.search(_short_lines(text))
    return (match[1] or match[2] or "").strip() or None if match else None


def guess_status(text: str) -> str | None:
    """A status by the words, or by the SMTP reply code alone, where no number of RFC 3463 is given."""
    words = _short_lines(text)
    guess = next((status for pattern, status in _GUESSES if pattern.search(words)), None)
    code = _CODE.search(words)
    return guess or (f"{code[1]}.0.0" if code else None)
