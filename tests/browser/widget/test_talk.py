"""A conversation: sent once, kept, in two tabs, without a line, with files, to its rating."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.until import becomes
from tests.browser.widget.hands import PICTURE, Visit, launcher, open_chat, open_thread, say
from tests.fakes import chat as fake
from tests.fakes.chat import Chat


def test_the_conversation_is_there_after_a_reload_with_what_came_meanwhile(visit: Visit, chat: Chat) -> None:
    page = visit()
    open_thread(page)
    say(page, "Where is my parcel?")
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    page.goto("about:blank")
    (token,) = chat.lines
    chat.keep(token, {"from": fake.TEAM, "text": "It comes tomorrow."})
    page.goto("/")
    expect(launcher(page)).to_have_accessible_name("Chat with us (1 unread)")
    open_chat(page)
    expect(page.locator(".bubble")).to_have_text(["Where is my parcel?", "It comes tomorrow."])
    expect(launcher(page)).to_have_accessible_name("Chat with us")
    becomes(page, lambda: chat.frames("read")[-1:], [{"type": "read", "seq": 2}])


def test_two_tabs_show_the_same(visit: Visit, chat: Chat) -> None:
    one = visit()
    other = one.context.new_page()
    other.goto("/contact")
    other.get_by_role("button", name="Chat with us").first.click()
    other.locator(".card").first.click()
    open_thread(one)
    say(one, "From the first")
    expect(other.locator(".own .bubble")).to_have_text(["From the first"])
    say(other, "From the second")
    expect(one.locator(".own .bubble")).to_have_text(["From the first", "From the second"])
    becomes(
        one,
        lambda: [line["text"] for lines in chat.lines.values() for line in lines],
        ["From the first", "From the second"],
    )
    chat.say("To both")
    for page in (one, other):
        expect(page.locator(".theirs .bubble")).to_have_text(["To both"])
    assert [line["text"] for (_, lines) in chat.lines.items() for line in lines] == [
        "From the first",
        "From the second",
        "To both",
    ]


def test_what_is_written_offline_waits_and_is_sent_once(visit: Visit, chat: Chat) -> None:
    page = visit()
    open_thread(page)
    say(page, "Before")
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    chat.refuses = True
    chat.cut()
    page.context.set_offline(True)
    expect(page.locator(".strip")).to_contain_text("No connection")
    say(page, "One")
    say(page, "Two")
    expect(page.locator(".fate")).to_have_text(["Will be sent when you are online again"] * 2)
    chat.refuses = False
    page.context.set_offline(False)
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    expect(page.locator(".own .bubble")).to_have_text(["Before", "One", "Two"])
    (lines,) = chat.lines.values()
    assert [line["text"] for line in lines] == ["Before", "One", "Two"]


def test_a_message_without_its_ack_is_sent_again_by_the_same_key(visit: Visit, chat: Chat) -> None:
    page = visit()
    open_thread(page)
    chat.silent = True
    say(page, "Did you get this?")
    expect(page.locator(".own .fate")).to_have_text("Sending…")
    becomes(page, lambda: len(chat.frames("message")), 1)
    chat.silent = False
    page.reload()
    open_chat(page)
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    first, again = chat.frames("message")
    assert first["key"] == again["key"]
    expect(page.locator(".own .bubble")).to_have_count(1)


def test_a_picture_is_pasted_shown_and_still_there_after_a_reload(visit: Visit, chat: Chat) -> None:
    page = visit()
    area = open_thread(page)
    area.evaluate(PICTURE)
    expect(page.locator(".tray li")).to_contain_text("crack.png")
    send = page.get_by_role("button", name="Send", exact=True)
    expect(send).to_be_enabled()
    send.click()
    expect(page.locator(".picture canvas")).to_be_visible()
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    page.reload()
    open_chat(page)
    expect(page.locator(".picture canvas")).to_be_visible()
    assert len(chat.files) == 1


def test_a_file_that_is_too_large_is_told_and_not_sent(visit: Visit, chat: Chat) -> None:
    page = visit()
    open_thread(page)
    big = {"name": "film.mov", "mimeType": "video/quicktime", "buffer": b"0" * 5_000_001}
    page.locator("input[type=file]").set_input_files([big])  # type: ignore[list-item]
    expect(page.locator(".tray .failed")).to_contain_text("is larger than 5.0 MB")
    assert chat.files == {}


def test_links_are_safe_and_markup_is_text(visit: Visit, chat: Chat) -> None:
    page = visit()
    open_thread(page)
    say(page, "hi")
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    chat.say("<img src=x onerror=alert(1)> javascript:alert(1) (https://hinoki.example/a?b=1).")
    bubble = page.locator(".theirs .bubble")
    expect(bubble).to_have_text(
        "<img src=x onerror=alert(1)> javascript:alert(1) (https://hinoki.example/a?b=1)."
    )
    links = bubble.get_by_role("link")
    expect(links).to_have_count(1)
    expect(links).to_have_attribute("href", "https://hinoki.example/a?b=1")
    expect(links).to_have_attribute("rel", "noopener noreferrer nofollow")


def test_formatted_answers_are_shown_and_nothing_in_them_runs(visit: Visit, chat: Chat) -> None:
    page = visit()
    open_thread(page)
    say(page, "hi")
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    html = (
        '<p>Two ways:</p><ul><li><b>Send</b> it &lt;back&gt;</li><li>Keep it</li></ul><iframe src="//x"></iframe>'
        '<p style="position:fixed"><img src="x" onerror="alert(1)" alt="a picture">&#x3042;</p></b></ul><p>End'
    )
    chat.say("Two ways: send it or keep it", html=html)
    bubble = page.locator(".theirs .bubble")
    expect(bubble.locator("li")).to_have_text(["Send it <back>", "Keep it"])
    expect(bubble).to_contain_text("a picture")
    expect(bubble.locator("p").last).to_have_text("End")
    expect(bubble.locator("p").nth(1)).to_contain_text("あ")
    assert (
        bubble.evaluate("one => one.querySelectorAll('iframe, img, script, [style], [onerror]').length") == 0
    )


def test_the_team_sees_what_is_being_written_up_to_the_last_letter(visit: Visit, chat: Chat) -> None:
    page = visit()
    area = open_thread(page)
    area.press_sequentially("Where is it")
    becomes(page, lambda: [frame["text"] for frame in chat.frames("typing")][-1:], ["Where is it"])
    say(page, "Where is it?")
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    assert [frame["type"] for frame in chat.heard][-1] in ("message", "read")


def test_who_waits_for_a_first_answer_is_told_how_long(visit: Visit, chat: Chat) -> None:
    page = visit()
    open_thread(page)
    say(page, "Hello")
    expect(page.locator(".foot .expect")).to_have_text("Usually answers in 2 min")
    chat.say("Hello!")
    expect(page.locator(".expect")).to_be_hidden()


def test_a_conversation_that_has_ended_is_still_so_after_a_reload(visit: Visit, chat: Chat) -> None:
    page = visit()
    open_thread(page)
    say(page, "Hello")
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    chat.welcome = {"closed": True, "rating": False}
    page.reload()
    open_chat(page)
    expect(page.locator(".ended")).to_contain_text("This conversation has ended.")
    expect(page.get_by_role("radio")).to_have_count(0)
    say(page, "One more thing")
    expect(page.locator(".ended")).to_be_hidden()


def test_read_typing_quick_replies_rating_and_transcript(visit: Visit, chat: Chat) -> None:
    page = visit()
    open_thread(page)
    say(page, "Is it in stock?")
    expect(page.locator(".foot .fate")).to_have_text("Sent")
    chat.tell({"type": "read", "seq": 1})
    expect(page.locator(".foot .fate")).to_have_text("Read")
    chat.tell({"type": "typing", "from": {"name": "Emma"}})
    expect(page.locator(".typing")).to_contain_text("Emma is writing…")
    chat.say("Which size?", replies=["M", "L"])
    expect(page.locator(".typing")).to_be_hidden()
    page.get_by_role("button", name="L", exact=True).click()
    expect(page.locator(".own .bubble")).to_have_text(["Is it in stock?", "L"])
    chat.tell({"type": "closed"})
    page.get_by_role("radio", name="Good", exact=True).check(force=True)
    page.get_by_role("textbox", name="Anything you would like to add?").fill("Quick!")
    page.get_by_role("button", name="Send rating").click()
    expect(page.locator(".thanks")).to_be_visible()
    becomes(page, lambda: chat.frames("rate"), [{"type": "rate", "score": 4, "comment": "Quick!"}])
    page.get_by_role("button", name="Send this conversation by e-mail").click()
    page.get_by_role("textbox", name="E-mail").fill("yumi@example.com")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".note")).to_contain_text("yumi@example.com")
    assert chat.asked == [("transcript", {"email": "yumi@example.com"})]
