"""A lead trains the classifier, watches it, sees the new version and goes back to an older one."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlmodel import select

import classifiers
from helpdesk.models import ModelVersion
from helpdesk.store.files import Files
from helpdesk.triage import versions
from tests.browser import models
from tests.browser.conftest import OpenPage
from tests.browser.site import Site


def test_training_is_watched_and_a_model_is_gone_back_to(open_page: OpenPage, site: Site) -> None:
    page = open_page("en-light", path="/settings/model")
    page.get_by_role("button", name="Train now").click()
    training = page.locator(".training")
    expect(training).to_contain_text("Version 4 is being trained")
    expect(training.locator("progress")).not_to_have_attribute("value", "0")  # it moves by itself
    finish_elsewhere(site)
    expect(training).to_have_count(0)
    expect(page.locator("#h-now")).to_have_text("Version 4 serves")
    listed = page.locator("[aria-labelledby=h-versions]")
    expect(listed.locator(".row-title").first).to_contain_text("Version 4")  # the list came along
    expect(page.get_by_role("button", name="Train now")).to_be_visible()
    listed.get_by_role("link", name="Go back to this Version 1").click()
    dialog = page.locator("#ticket-dialog")
    expect(dialog).to_contain_text("Go back to version 1?")
    dialog.get_by_role("button", name="Go back").click()
    expect(page.locator("#h-now")).to_have_text("Version 1 serves")
    expect(page.locator("#notices")).to_contain_text("This model serves from now on.")


def finish_elsewhere(site: Site) -> None:
    """Another worker has taken the training over and is done: nobody has to wait for this one."""
    with site.database.write() as unit:
        row = unit.session.exec(select(ModelVersion).where(ModelVersion.state == "training")).one()
        artifact = Files(site.folder / "files").put(classifiers.BUILTIN.read_bytes())
        versions.finish(unit, row, models.result(row.version), artifact)


def test_a_dialog_of_going_back_is_left_by_escape(open_page: OpenPage) -> None:
    page = open_page("en-light", path="/settings/model")
    page.get_by_role("link", name="Back to the built-in model").press("Enter")
    expect(page.locator("#ticket-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#ticket-dialog")).to_be_hidden()
