"""Messages of a shop about things that no tag covers: topics by name, and what else comes in meanwhile."""

from __future__ import annotations

SHARPENING = (
    "包丁の研ぎ直しはお願いできますか？", "研ぎ直しサービスの料金を教えてください。",
    "去年買った包丁の切れ味が落ちたので研ぎ直しに出したいです", "研ぎ直しってどのくらいの期間かかりますか",
    "他社の包丁でも研ぎ直ししてもらえますか。", "研ぎ直しの申し込み方法が分かりません",
    "三徳包丁を二本、研ぎ直しに出したいのですが送り先はどちらでしょうか。", "包丁研ぎやってますか",
    "刃こぼれした包丁の研ぎ直しは可能でしょうか。写真が必要なら送ります。", "研ぎ直し、店頭に持ち込みでもいいですか？",
    "母の包丁を研ぎ直してほしいです。古いものですが大丈夫ですか", "研ぎ直しの往復の送料はいくらですか",
)  # fmt: skip
FURUSATO = (
    "ふるさと納税の返礼品としても出していますか", "ふるさと納税で申し込んだ分の証明書はどこに頼めばいいですか",
    "ふるさと納税サイトから申し込みました。内容の確認をお願いします。", "こちらのお茶はふるさと納税の対象ですか？",
    "ふるさと納税のワンストップ特例の用紙が入っていませんでした", "ふるさと納税でもらった器と同じものですか",
    "ふるさと納税の寄附は御社で受け付けていますか。", "どの自治体のふるさと納税に出ていますか？",
    "ふるさと納税のページに載っている写真と少し違うようですが", "ふるさと納税の返礼品の申し込みは年内いっぱいですか",
)  # fmt: skip
FAKE_SHOP = (
    "御社を名乗る偽サイトを見つけました。", "偽サイトではないかと思い連絡しました。URLを送ります。",
    "八割引きで売っている偽サイトがあります。ご存じですか", "SNSの広告から入ったのですが、これは偽サイトですか？",
    "偽サイトに騙されそうになりました。注意喚起してください。", "こちらの偽サイトについて警察には相談済みでしょうか",
    "そっくりの偽サイトがあるので気をつけたほうがいいですよ", "偽サイトかどうか確認してほしいです",
    "会社名が同じ偽サイトが検索で一番上に出ます", "偽サイトで買ってしまったかもしれません",
)  # fmt: skip
WORKSHOP = (
    "Do you still run the pottery workshop in Kyoto?", "How do I sign up for the pottery workshop?",
    "Is the pottery workshop suitable for children?", "My friend and I would love to join a pottery workshop in May.",
    "What does the workshop cost, and is the clay included?", "Are there any places left for the Saturday workshop?",
    "Is the pottery workshop held in English as well?", "Could you hold a private workshop for our team?",
    "How long does the pottery workshop take?", "We came too late for the workshop yesterday, can we join next week?",
    "Where exactly does the workshop take place?", "Do I need experience for the pottery workshop?",
)  # fmt: skip
JAPANESE = {"sharpening": SHARPENING, "furusato": FURUSATO, "fake_shop": FAKE_SHOP}
ENGLISH = {"workshop": WORKSHOP}
OTHERS_JA = (
    "こんにちは", "先ほどの件です", "1204558", "お世話になっております。", "駐車場は何台ありますか",
    "猫がかわいいですね",
    "取材のお願いでご連絡しました", "学校の自由研究で質問があります", "近くに美味しいお店はありますか", "雨ですね",
    "社長さんはお元気ですか", "写真を送ります", "よく分かりません", "さっき電話した者です",
    "店内の音楽の曲名が知りたい",
    "アルバイトは募集していますか", "近所に引っ越してきました", "トイレを借りられますか",
)  # fmt: skip
OTHERS_EN = (
    "Hello there", "As discussed", "1204558", "I am writing a school report about tea", "Nice weather in Kyoto today",
    "Can I park my bicycle outside?", "Who painted the wall in your shop?", "Sorry, wrong window",
    "I sent you a photo", "What song do you play in the evening?", "My cat likes your boxes", "See attached",
)  # fmt: skip
