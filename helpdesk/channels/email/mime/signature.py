"""Where the signature begins: the `-- ` mark, a phone's own line, or a ruled box with contact data
at the end.
"""

from __future__ import annotations

import re

_MARK = re.compile(r"^\s{0,2}(?:--|—|––|__|_{5,40}|-{2} ?)\s*$")
_DEVICE = re.compile(
    r"^[\s>*_(<\[-]{0,6}(?:"
    r"(?:sent|enviado|envoyé|gesendet|von meinem|inviato|verzonden|verstuurd|skickat|sendt|wysłan[eoy]"
    r"|lähetetty|отправлено|надіслано|odesláno|gönderildi|trimis|elküldve|εστάλη)\b.{0,20}\b(?:from|via"
    r"|using|with|by|desde|de|depuis|von|mit|über|da|dal|via|met|vanaf|från|fra|med|z|ze|с|из|з|iphone"
    r"|ipad|android)\b.{1,80}"
    r"|(?:get|download|télécharger|obtener|holen sie sich|scarica|obter) \[?outlook (?:for|pour|para|für"
    r"|per) (?:ios|android|mac)\b.{0,60}|von meinem .{2,40} gesendet.{0,20}"
    r"|diese nachricht wurde von meinem .{2,60}|provenance : (?:courrier|mail) pour windows.{0,20}"
    r"|(?:私の)?(?:(?:docomo|ドコモ|au|softbank|ソフトバンク|楽天|rakuten)の?)?(?:i-?phone|i-?pad"
    r"|i-?pod|android"
    r"|アンドロイド|スマートフォン|スマホ|携帯|docomo|ドコモ|au|softbank|ソフトバンク|galaxy|xperia"
    r"|aquos|arrows|rakuten"
    r"|windows.{0,10}|yahoo!?.{0,12}|outlook.{0,12}|gmail|spark|ipad/iphone|.{1,20}端末"
    r"|.{1,16}アプリ)(?:メール"
    r"|アプリ)*(?:\s?(?:で|から|より|にて|を使って|版))+の?(?:送信|発信)(?:され"
    r"|し)?(?:まし)?た?(?:メール)?[。.]?"
    r"|(?:ios|android)(?: ?版)?(?:の)?\s?outlook\s?を(?:入手|ダウンロード)(?:してください|する)?[。.]?"
    r"|outlook for (?:ios"
    r"|android)\s?を(?:入手|取得).{0,12}|outlook for (?:ios|android)(?: を| から).{0,20}"
    r"|yahoo!?メール ?(?:アプリ)?から送信|windows (?:版の?)?(?:用の)?メールから送信|(?:sent|enviado"
    r"|发自|发送自|从我的|來自|從我的"
    r"|傳送自).{0,24}(?:iphone|ipad|android|手机|手機|华为|小米).{0,20}|내 (?:iphone|ipad)에서 보냄.?"
    r"|나의 .{2,20}에서 보냄.?)"
    r"[\s*_<\[(\])]*(?:https?://\S+|<https?://\S+>)?[>\])*_]*\s*$",
    re.I,
)
_RULE = re.compile(r"^\s*(?:[-=*_~+#‐―ー─━═＝＊☆★◆◇■□…・∞:.。oO○●^♪♡♥※／/＼\\｡ﾟ゜<>|｜+┏┓┗┛┃┌┐└┘]\s?){6,}\s*$")
_TITLED_RULE = re.compile(r"^\s*[-=*_~+─━═＝＊☆★◆◇■□┏┌]{3,}[^-=*_─━]{1,30}[-=*_~+─━═＝＊☆★◆◇■□┓┐]{3,}\s*$")
_CONTACT = re.compile(
    r"(?i)\b(?:tel|phone|fax|mobile|cell|e-?mail|mail|url|web|hp)\b\s*[.:：／/]?|電話|携帯|〒|℡"
    r"|[\w.+-]+@[\w-]+\.|https?://|www\.|株式会社|有限会社|合同会社|㈱|住所"
    r"|\b0\d{1,4}[-(（]\d{1,4}[-)）]\d{3,4}"
    r"|\+\d[\d ().-]{7,}|[都道府県][^\s]{1,10}[市区町村]"
)
_ASKING = re.compile(r"[?？]|(?:ます|です|か|ください|ません|ました|下さい|でしょう)[。.!！]?\s*$|[。]\s*$")
MAX_BOX = 12
MAX_MARKED = 40


def start_of(lines: list[str]) -> int:
    """The index at which the signature begins, `len(lines)` if there is none."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    found = end
    for finder in (_device, _marked, _boxed):
        found = min(found, finder(lines, found))
    if found == end:
        return len(lines)
    return _trim(lines, found)


def _trim(lines: list[str], index: int) -> int:
    while index and not lines[index - 1].strip():
        index -= 1
    return index


def _marked(lines: list[str], end: int) -> int:
    """The first `-- ` line that leaves some text above it and no more than a signature's length below."""
    first = next((i for i, line in enumerate(lines) if line.strip()), end)
    for index in range(max(first + 1, end - 2 * MAX_MARKED), end):
        if not _MARK.match(lines[index]):
            continue
        following = [line for line in lines[index + 1 : end] if line.strip()]
        strict = lines[index].startswith("-- ") or lines[index].rstrip() in ("--", "—")
        if (
            following
            and len(following) <= (MAX_MARKED if strict else 8)
            and (strict or _looks_like_contact(following))
        ):
            return index
        if not following:
            return index
    return end


def _device(lines: list[str], end: int) -> int:
    """A phone's own line, with nothing below it but a few lines of contact data."""
    found = end
    below = 0
    for index in range(end - 1, 0, -1):
        if not lines[index].strip():
            continue
        if len(lines[index]) < 160 and _DEVICE.match(lines[index]):
            found, below = index, 0
        else:
            below += 1
            if below > 4 or (found < end and below > 1):
                break
    return found


def _boxed(lines: list[str], end: int) -> int:
    """A rule, a few lines with contact data, and the end (or a closing rule): how Japanese
    signatures look."""
    first = next((i for i, line in enumerate(lines) if line.strip()), end)
    floor = max(first + 1, end - MAX_BOX - 2)
    for index in range(floor, end):
        line = lines[index]
        if len(line) > 200 or not (_RULE.match(line) or _TITLED_RULE.match(line)):
            continue
        inside = [one for one in lines[index + 1 : end] if one.strip() and not _RULE.match(one)]
        if 0 < len(inside) <= MAX_BOX and _looks_like_contact(inside):
            return index
    return end


def _looks_like_contact(lines: list[str]) -> bool:
    if any(len(line) > 90 for line in lines):
        return False
    if any(_ASKING.search(line) and "http" not in line for line in lines):
        return False
    return any(_CONTACT.search(line) for line in lines)
