"""The names under which charsets travel in mail, beside the ones Python knows, for `charset.codec_of`."""

from __future__ import annotations

# codec -> names in lower case with letters and digits alone; "" means that the name says nothing
_NAMES = {
    "cp932": "shiftjis sjis xsjis mssjis xmscp932 mskanji csshiftjis windows31j cswindows31j shiftjisms "
    "sjiswin cp943 cp943c ibm943 ibm943c windows932 cp932 932",
    "jis": "iso2022jp iso2022jpms iso2022jp1 iso2022jp2 iso2022jp3 iso2022jp2004 iso2022jpext "
    "csiso2022jp csiso2022jp2 jis jis7 cp50220 cp50221 cp50222 50220",
    "eucjp": "eucjp xeucjp eucjpms eucjpwin cp51932 ujis cseucpkdfmtjapanese "
    "extendedunixcodepackedformatforjapanese",
    "cp1252": "latin1 iso88591 isolatin1 windows1252 cp1252 xansi ansi",
    "cp1254": "iso88599",
    "ascii": "usascii ascii ansix341968 646 iso646us 7bit",
    "gb18030": "gb2312 gbk xgbk euccn cp936 windows936 gb18030 chinesesimplified",
    "hz": "hzgb2312",
    "cp950": "big5 xxbig5 big5eten cnbig5",
    "cp949": "ksc56011987 ksc5601 kscs56011987 euckr korean windows949 xwindows949",
    "cp874": "tis620 iso885911 windows874",
    "iso8859_8": "iso88598i iso88598e",
    "iso8859_6": "iso88596i",
    "utf_8": "utf8 unicode11utf8 utf8mb4",
    "": "xunknown unknown8bit unknown default none null 8bit binary xuserdefined",
    "utf_16": "unicode",
    "mac_roman": "macintosh xmacroman macroman",
    "mac_cyrillic": "xmaccyrillic",
}
ALIASES = {name: codec for codec, names in _NAMES.items() for name in names.split()}
