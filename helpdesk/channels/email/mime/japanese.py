"""Japanese byte encodings as mail programs really write them, for `charset.decode`.

Python's own codecs follow the national standards and refuse what Windows and phones send: NEC row 13 (①㈱℡),
IBM kanji (髙﨑) and half-width kana inside ISO-2022-JP and EUC-JP. Both are read here through
cp932, which has them.
"""

from __future__ import annotations

import codecs
import re

_ESCAPE = re.compile(rb"\x1b(?:\$\([@-DO-Q]|\$[@AB]|\([BJIH]|\)I|&@)|[\x0e\x0f]|\r?\n")
_MODES = {
    b"\x1b(B": "ascii",
    b"\x1b(J": "ascii",
    b"\x1b(H": "ascii",
    b"\x1b(I": "kana",
    b"\x1b)I": "",
    b"\x1b&@": "",
    b"\x1b$@": "jis",
    b"\x1b$B": "jis",
    b"\x1b$(@": "jis",
    b"\x1b$(B": "jis",
    b"\x1b$(D": "jis0212",
    b"\x1b$(O": "jis2004",
    b"\x1b$(P": "jis2004b",
    b"\x1b$(Q": "jis2004",
    b"\x1b$A": "gb2312",
    b"\x1b$(A": "gb2312",
    b"\x1b$(C": "euc_kr",
    b"\x0e": "kana",
    b"\x0f": "ascii",
}
_HIGH = bytes(b | 0x80 if 0x21 <= b <= 0x7E else b for b in range(256))
_LOST_ESCAPE = re.compile(rb"\$B((?:[!-~]{2}){1,60}?)\(([BJ])")
_WAVES = str.maketrans({"〜": "～", "‖": "∥", "−": "－", "¢": "￠", "£": "￡", "¬": "￢", "—": "―"})
_KANA = re.compile("[ぁ-んァ-ヶー。、]")
_COMMON = re.compile("[ぁ-んァ-ヶー一-龥。、「」（）！？：～０-９Ａ-Ｚａ-ｚ々]")
_STRAY = re.compile("[A-Za-z][一-龥]|[一-龥][a-z]")
_HALF_KANA = re.compile("[｡-ﾟ]")


def decode_jis(data: bytes) -> tuple[str, bool]:
    """ISO-2022-JP with the Microsoft extensions (CP50221), and whether every byte had a meaning."""
    if b"\x1b" not in data and b"\x0e" not in data:
        data = _LOST_ESCAPE.sub(lambda m: b"\x1b$B" + m[1] + b"\x1b(" + m[2], data)
    out: list[str] = []
    mode, position, clean = "ascii", 0, True
    for match in _ESCAPE.finditer(data):
        text, good = _decode_run(data[position : match.start()], mode)
        out.append(text)
        clean = clean and good
        position = match.end()
        token = match.group()
        if token in _MODES:
            mode = _MODES[token] or mode
        else:  # a line end always returns to ASCII (RFC 1468), also where the closing escape is missing
            out.append(token.decode("ascii", "ignore").replace("\x1b", ""))
            mode = "ascii"
    text, good = _decode_run(data[position:], mode)
    return "".join(out) + text, clean and good


def _decode_run(run: bytes, mode: str) -> tuple[str, bool]:
    if not run:
        return "", True
    if mode == "ascii":
        text = run.replace(b"\x1b", b"").decode("cp932", "replace")
        return text, "\ufffd" not in text and b"\x1b" not in run
    if mode == "kana":
        text = bytes(b | 0x80 if 0x21 <= b <= 0x5F else b for b in run).decode("cp932", "replace")
        return text, "\ufffd" not in text
    high = run.translate(_HIGH)
    if mode == "jis0212":
        text = _with_lead(high, b"\x8f").decode("euc_jp", "replace")
    elif mode == "jis2004b":
        text = _with_lead(high, b"\x8f").decode("euc_jis_2004", "replace")
    elif mode == "jis2004":
        text = high.decode("euc_jis_2004", "replace")
    elif mode == "jis":
        return decode_euc(high)
    else:
        text = high.decode(mode, "replace")
    return text, "\ufffd" not in text


def _with_lead(pairs: bytes, lead: bytes) -> bytes:
    return b"".join(lead + pairs[i : i + 2] for i in range(0, len(pairs) - 1, 2))


def decode_euc(data: bytes) -> tuple[str, bool]:
    """EUC-JP as Windows reads it (NEC and IBM rows, half-width kana), and whether every byte had a
    meaning."""
    text = data.decode("euc_jp", "eucjp-windows").translate(_WAVES)
    return text, "\ufffd" not in text


def _read_rows_of_windows(error: UnicodeError) -> tuple[str, int]:
    """What the standard's table lacks is looked up in cp932, one character at a time."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    pair = error.object[error.start : error.start + 2]
    if len(pair) == 2 and pair[0] >= 0xA1 and pair[1] >= 0xA1:
        return _to_shift_jis(pair[0] & 0x7F, pair[1] & 0x7F).decode("cp932", "replace")[:1], error.start + 2
    return "\ufffd", error.start + 1


codecs.register_error("eucjp-windows", _read_rows_of_windows)


def _to_shift_jis(row: int, cell: int) -> bytes:
    lead = ((row - 0x21) >> 1) + 0x81
    if lead > 0x9F:
        lead += 0x40
    if row & 1:
        trail = cell + 0x1F if cell < 0x60 else cell + 0x20
    else:
        trail = cell + 0x7E
    return bytes((lead, trail))


def has_kana(text: str) -> bool:
    """Whether at least two full-width kana or Japanese marks stand in the text."""
    return len(_KANA.findall(text)) > 1


def score(text: str) -> float:
    """How much the non-ASCII part of a text looks like Japanese prose: 0 (not at all) to 1."""
    foreign = sum(1 for c in text if c > "\x7f")
    if not foreign:
        return 0.0
    kana = len(_KANA.findall(text))
    common = len(_COMMON.findall(text))
    half = len(_HALF_KANA.findall(text))
    if (
        not kana and len(_STRAY.findall(text)) * 2 >= common
    ):  # accented letters of a European word, taken for kanji
        return 0.0
    if half > common:  # long runs of half-width kana are the mark of EUC-JP read as Shift_JIS
        return 0.3 * half / foreign if kana else 0.1
    return (common - half / 2) / foreign * (1.0 if kana or common < 8 else 0.8)
