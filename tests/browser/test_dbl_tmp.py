import re, pytest
from playwright.sync_api import expect
from tests.browser.test_composer import ready
@pytest.mark.parametrize('n', range(25))
def test_x(page, site, n):
    path = f"/tickets/{site.take().key}"
    log=[]
    page.on("request", lambda r: log.append((r.method, r.url[-60:], (r.post_data or "")[:3000] if r.method in("PUT",) else "")))
    page.goto(path)
    ready(page).fill("Sent and closed too soon")
    page.keyboard.press("Control+Enter")
    expect(page).not_to_have_url(re.compile(path))
    page.locator("#notices").get_by_role("button", name="Undo").click()
    expect(page).to_have_url(re.compile(path))
    try:
        expect(page.locator("#reply-form .text")).to_have_value("Sent and closed too soon", timeout=3000)
    except AssertionError as e:
        print("BAD")
        for l in log:
            if 'assets' not in l[1]: print(l)
