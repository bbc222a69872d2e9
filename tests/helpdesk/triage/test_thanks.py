"""Who only says thanks, in Japanese and in English, and who says it and wants something all the same."""

from __future__ import annotations

import pytest

import classifiers
from classifiers import Model
from helpdesk.triage import thanks

SETTLED = (
    "ありがとうございます。",
    "ありがとうございました！助かりました。",
    "無事届きました。ありがとうございます。",
    "ご対応ありがとうございました。また利用させていただきます。",
    "承知しました。ありがとうございます。",
    "了解しました。ありがとうございます！",
    "ご丁寧にありがとうございます。安心しました。",
    "返信不要です。ありがとうございました。",
    "お世話になっております。\n本日受け取りました。ありがとうございました。\n山田花子",
    "早速のご返信ありがとうございます。解決いたしました。",
    "先ほど商品が届きました！素敵です。ありがとうございました。",
    "ありがとうございます。今後ともよろしくお願いいたします。",
    "返金を確認できました。ありがとうございました。",
    "わかりました、ありがとうございます。",
    "お忙しい中ありがとうございました。問題ありませんでした。",
    "とても助かりました！感謝します。",
    "ご返信には及びません。ありがとうございました。",
    "代わりの品を受け取りました。迅速なご対応に感謝いたします。",
    "Thanks!",
    "Thank you so much, that solved it.",
    "Got it, thanks. Have a nice day",
    "Perfect, it arrived this morning. Thanks for your help!",
    "No need to reply, all good now.",
    "Great, thank you very much for the fast help.",
    "Thanks again, everything works now.",
    "Received, many thanks.",
    "Thank you, I appreciate it. Have a lovely weekend!",
    "All sorted now, thank you.",
    "Brilliant, thanks a lot!\nKind regards,\nEmma",
    "Wonderful service, thank you!",
    "It came today and it's lovely. Thank you!",
    "OK, thank you for letting me know.",
)
NOT_SETTLED = (
    "ありがとうございます。ただ、まだ届いていません",
    "ありがとうございます。ただ、まだ届いていません。",
    "届きました。でも色が違います。ありがとうございます。",
    "対応ありがとうございました。もう一点、返品の送料は？",
    "助かりました。キャンセルもお願いします",
    "いつもありがとうございます。注文をキャンセルしてください",
    "全然ありがたくないです",
    "ありがとうございます。いつ頃届きますか",
    "ご連絡ありがとうございます。届いたのですが、箱が潰れていました。",
    "ありがとうございます。返金はいつになりますでしょうか。",
    "ありがとうございました。ところで、別の注文の件ですが。",
    "ありがとうございます。住所を変更したいです。",
    "了解です。では交換でお願いします。",
    "ありがとうございます。領収書も送っていただけると助かります。",
    "承知しました。追跡番号を教えていただけますと幸いです。",
    "ありがとうございます。しかし電源が入りません。",
    "ありがとうございます。待っているのに連絡が来ません。",
    "お返事ありがとうございます。やはり返品します。",
    "ありがとうございます。Lサイズに変えてもらえますか",
    "ありがとうございます。念のため注文番号は10234です。",
    "ありがとうございます。先方に届いていないようです。",
    "すみません、ありがとうございます。片方だけ入っていました。",
    "ありがとうございます。クーポンが使えませんでした。",
    "ありがとうございました。残念な結果です。",
    "ご返信どうも。納得できません。",
    "ありがとうございます。請求が二重になっています。",
    "ありがとうございます。ポイントが付いていないみたいです。",
    "お世話になります。ありがとうございます。本日届いた分にネジが入ってなかったです。",
    "ありがとうございます、では新しいものを送って頂けるのですね。お待ちしています、住所は同じです。",
    "ありがとう。でもそれは前にも聞きました。",
    "ありがとうございます。明日の午前中に変更で。",
    "ありがとうございます。あと、ギフト包装も。",
    "ありがとうございます。電話がほしいです。",
    "感謝します。もっと早く対応してほしかったです。",
    "Thanks, but it still hasn't arrived.",
    "Thank you. When will it ship?",
    "Thanks for nothing",
    "Thanks, please cancel the second one as well",
    "Received, thank you. One glove is torn though.",
    "Thank you. Can I get an invoice too?",
    "Thanks! I'd like to change the address.",
    "Thanks for the quick reply. The code does not work.",
    "Thank you, however I was charged twice.",
    "Great, thanks. Send it to my office instead.",
    "Thanks. Still waiting.",
    "Thank you for the refund, the amount is too low.",
    "Thanks for your help, let me know the tracking number.",
    "Thank you. It arrived cracked.",
    "Thanks, I will send it back then.",
    "Ok thanks. So where is my order",
    "Thanks. Also the blue one never came.",
    "Thank you but no.",
    "Thanks, my new phone is 0901234567",
    "Thank you. I am still very disappointed.",
    "Thanks... took you long enough.",
    "Cheers, looking forward to the replacement. Make it size M.",
    "Thanks for getting back. The lid leaks.",
    "Thank you. My coupon expired yesterday, so it was useless.",
    "Appreciate it. The other half of the order has gone missing.",
    "Many thanks. Could it be gift wrapped",
    "ありがとうございます。ですが、注文した覚えがありません",
    "ありがとうございます。ようやく届きましたが、一枚足りていません",
    "ご案内どおりにしましたが、うまくいきません。ありがとうございます",
    "ありがとうございます、それではサイズの変更をお願いします",
    "了解しました。振り込みは金曜日になります",
    "お礼が遅くなりました。ところで保証期間は切れていますか",
    "ありがとうございます。息子が部品を飲み込んでしまいました",
    "ありがとうございます。火が出ました",
    "Thanks. It smells of burning",
    "Thank you so much! Sadly the zip is already coming apart",
    "Thanks a lot, one of the cups has a chip in it",
    "Thank you, the wrong colour though",
    "Thanks, my card was charged two times",
    "Cheers. Nothing has changed",
    "Thank you! My address is 12 Hill Road by the way",
    "Thanks, I cannot log in",
)


@pytest.fixture(scope="module")
def model() -> Model:
    return classifiers.builtin()


@pytest.mark.parametrize("text", NOT_SETTLED)
def test_who_thanks_and_wants_something_waits_for_an_answer(model: Model, text: str) -> None:
    assert not thanks.only_thanks(model, text, model.classify(text))


def test_most_who_only_thank_wait_for_none(model: Model) -> None:
    quiet = [text for text in SETTLED if thanks.only_thanks(model, text, model.classify(text))]
    assert len(quiet) >= 0.7 * len(SETTLED)
    for text in ("ありがとうございます。", "Thanks!", "無事届きました。ありがとうございます。"):
        assert text in quiet


@pytest.mark.parametrize("text", ["", "   ", "ありがとうございます。" * 40, "Merci beaucoup !", "👍" * 5])
def test_what_nobody_can_be_sure_of_is_left_to_people(model: Model, text: str) -> None:
    assert not thanks.only_thanks(model, text, model.classify(text))
