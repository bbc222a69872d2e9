from __future__ import annotations

import pytest

from helpdesk.tickets import rich


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one<br>two</p><p>three</p>", "one\ntwo\n\nthree"),
        ("<div>one</div><div>two</div>", "one\n\ntwo"),
        ("<p>one</p><p><br></p><p>two</p>", "one\n\n\ntwo"),
        ("<p>a <b>bold</b>  word</p>", "a bold word"),
        ("<ul><li>one</li><li><p>two</p></li></ul><p>end</p>", "- one\n- two\n\nend"),
        ("<ol start='3'><li>x</li><li>y<ul><li>z</li></ul></li></ol>", "3. x\n4. y\n  - z"),
        (
            '<p>see <a href="https://x.example/a?b=1&amp;c=2">here</a>.</p>',
            "see here <https://x.example/a?b=1&c=2>.",
        ),
        ('<p><a href="https://x.example">https://x.example</a></p>', "https://x.example"),
        ('<p><a href="mailto:a@b.example">a@b.example</a></p>', "a@b.example"),
        (
            "<p>you said</p><blockquote><p>one</p><p>two</p></blockquote><p>yes</p>",
            "you said\n\n> one\n>\n> two\n\nyes",
        ),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<h3>Head</h3><p>text</p>", "Head\n\ntext"),
        ('<p>x <img src="/staged/abc" alt="写真"></p>', "x [写真]"),
        ("<p>1 &lt; 2 &amp; 3</p>", "1 < 2 & 3"),
        ("<p>お荷物は\n明日届きます。</p>", "お荷物は 明日届きます。"),
        ("<p>a&nbsp;b</p>", "a b"),
    ],
)
def test_the_plain_text_says_the_same(html: str, text: str) -> None:
    assert rich.text_of(rich.clean(html)) == text


@pytest.mark.parametrize(
    ("html", "gone"),
    [
        ("<p onclick='x()' style='color:red' class='y'>a</p>", ("onclick", "style", "class")),
        ("<script>alert(1)</script><p>a</p>", ("script", "alert")),
        ('<a href="javascript:alert(1)">a</a>', ("javascript",)),
        ('<img src="https://spy.example/x.png" alt="a">', ("img", "spy")),
        ('<img src="data:image/png;base64,AAAA">', ("img", "data:")),
        ("<iframe src='https://x.example'></iframe><table><tr><td>a</td></tr></table>", ("iframe", "table")),
        ('<img src="/staged/../../etc">', ("img",)),
    ],
)
def test_nothing_but_simple_formatting_stays(html: str, gone: tuple[str, ...]) -> None:
    cleaned = rich.clean(html)
    assert not [word for word in gone if word in cleaned]


def test_pictures_of_the_answer_stay_and_change_their_address_when_it_is_sent() -> None:
    cleaned = rich.clean('<p><img src="http://desk.example/staged/abc23" alt="a&quot;b"></p>')
    assert rich.images(cleaned) == ["abc23"]
    sent = rich.with_sources(cleaned, {"/staged/abc23": "cid:1@x"})
    assert 'src="cid:1@x"' in sent
    assert rich.images(sent) == []


def test_lines_alone_are_plain() -> None:
    assert rich.is_plain(rich.clean("<div>a<br>b</div>"))
    assert not rich.is_plain(rich.clean("<p>a <b>b</b></p>"))


def test_words_survive_a_pasted_tower_of_elements() -> None:
    tower = "<blockquote>" * 3000 + "最後の言葉" + "</blockquote>" * 3000
    assert "最後の言葉" in rich.text_of(rich.clean(tower))


def test_text_becomes_html_and_text_again() -> None:
    text = "一行目\n二行目 <b>\n\n次の段落 & more"
    assert rich.text_of(rich.clean(rich.from_text(text))) == text
