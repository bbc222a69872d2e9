"""The phrases behind the cues, in both languages. English ones start a word; `_` marks a word's end."""

from __future__ import annotations

from typing import NamedTuple


class Lexicon(NamedTuple):
    """A kind of cue and the phrases of a prepared text that give it."""

    kind: str
    phrases: tuple[str, ...]


def _lexicon(kind: str, en: str, ja: str) -> Lexicon:
    english = (" " + phrase.strip().replace("_", " ") for phrase in en.split("|"))
    return Lexicon(kind, (*english, *ja.split()))


_FRAUD_EN = """
    unauthorized | unauthorised | did not authorize | didn't authorize | fraudulent | stolen card |
    hacked | someone else used | charged twice | double charged | charged me twice | charged two times |
    someone logged | not me who | got into my account | orders i never | i never made |
    account been taken over | somebody used | somebody else used
"""
_FRAUD_JA = """
    不正利用 不正アクセス 不正ログイン 身に覚えのない 身に覚えがない 覚えのない請求 乗っ取 二重請求
    二重に請求 二重決済 二重に引き落 二重で引き落 なりすまし 心当たりのない 頼んだ覚えのない
    注文した覚えのない 誰かに使われ 私のアカウントで
"""
_URGENT_EN = """
    asap | urgent | immediately | right away | right now | as soon as possible | emergency |
    time sensitive | before it ships | before you ship | before it goes out | before dispatch | hurry |
    straight away
"""
_URGENT_JA = """
    至急 急ぎ 今すぐ すぐに 早急 大至急 緊急 一刻も早 直ちに ただちに 発送前に 発送される前
    発送される前に まだ発送 間に合 急いで
"""
_OCCASION_EN = """
    wedding | birthday | funeral | anniversary | christmas | mother's day | father's day | graduation |
    my flight | my trip | we leave_ | i leave_ | party_ | holiday on_ | baby shower | event on_
"""
_OCCASION_JA = """
    結婚式 誕生日 葬儀 葬式 お通夜 法事 記念日 母の日 父の日 卒業式 入学式 入園式 七五三 クリスマス 出張
    旅行 運動会 発表会 披露宴 成人式 イベントで
"""
_REPEATED_EN = """
    third time | second time | again and again | no reply | no response | no one replies |
    nobody answers | nobody has | still waiting | still no_ | several times | many times |
    keep emailing | ignored | ignoring | weeks ago | emailed twice | already wrote | already emailed |
    already contacted | haven't heard | have not heard | no answer
"""
_REPEATED_JA = """
    何度も 何回も 再三 二度目 0度目 0回目 返信がない 返事がない 返信がありません 返事がありません
    連絡がない 連絡がありません 返信もない 返信いただけ 無視 いまだに 未だに まだ届 音沙汰 たらい回し
    再度ご連絡
"""
_ANGER_EN = """
    ridiculous | unacceptable | outrageous | disgusting | scam | rip off | ripoff | worst_ | furious |
    fed up | disgrace | pathetic | useless_ | appalling | liars | thieves | never again | sick of |
    joke of | wtf | shame on | incompetent | terrible service | awful service
"""
_ANGER_JA = """
    ふざけ 最悪 いい加減に あり得な ありえな 有り得な 詐欺 腹が立 怒り 許せな 許せません 納得いか
    納得でき 呆れ 非常識 馬鹿に バカに 誠意 不愉快 二度と買 二度と利用 責任者を出 責任を取 不誠実
    信じられな 言い訳
"""
_CALM_EN = """
    no rush | no hurry | not urgent | whenever you | when you have time | take your time | just curious |
    just wondering
"""
_CALM_JA = """
    急ぎません 急ぎではな 急ぎではあり お手すき お手隙 お時間のある ついでの いつでも ゆっくりで 返信不要
    返信は不要
"""

LEXICONS: tuple[Lexicon, ...] = (
    _lexicon("fraud", _FRAUD_EN, _FRAUD_JA),
    _lexicon("urgent", _URGENT_EN, _URGENT_JA),
    _lexicon("occasion", _OCCASION_EN, _OCCASION_JA),
    _lexicon("repeated", _REPEATED_EN, _REPEATED_JA),
    _lexicon("anger", _ANGER_EN, _ANGER_JA),
    _lexicon("calm", _CALM_EN, _CALM_JA),
)
