"""Every page passes axe-core, light and dark, on a phone and on a desk."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Visit

pytestmark = pytest.mark.browser

LOOKS = [(size, scheme) for size in (PHONE, DESK) for scheme in ("light", "dark")]
NAMES = [f"{size[0]}-{scheme}" for size, scheme in LOOKS]
looks = pytest.mark.parametrize(("size", "scheme"), LOOKS, ids=NAMES)
# Which pages each of the demo people has, beside the chat.
PAGES = {
    "tea": ["/library", "/library/terms", "/unanswered", "/settings", "/api/docs"],
    "drita": ["/referrals", "/settings"],
    "arta": ["/referrals", "/sources/bullying.sq?version=1", "/no-such-page"],
}


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{page.url}: {one['id']} at {node['html'][:100]}" for one in found for node in one["nodes"]
    ]


def examine(visit: Visit) -> list[str]:
    wide = [f"{visit.page.url}: wider than the screen"] if visit.overflow() > 0 else []
    return violations(visit.page) + wide


@looks
def test_pages_before_signing_in(visits, size, scheme):
    visit = visits(size=size, scheme=scheme, examined=True)
    found = []
    for path in ("/sign-in", "/emergency"):
        visit.open(path)
        found += examine(visit)
    visit.open("/sign-in").locator(".emergency-button").click()
    found += violations(visit.page)
    assert found == []


@looks
@pytest.mark.parametrize("name", PAGES)
def test_pages_of_a_person(visits, name, size, scheme):
    visit = visits(size=size, scheme=scheme, examined=True)
    visit.sign_in(name)
    found = []
    for path in PAGES[name]:
        visit.open(path)
        found += examine(visit)
    assert found == []


@looks
def test_the_chat_in_every_state(visits, size, scheme):
    visit = visits(size=size, scheme=scheme, examined=True)
    page = visit.sign_in("arta")
    found = examine(visit)
    visit.say("Çfarë bëj kur një nxënës që është kthyer ngacmohet në klasë?")
    for summary in page.locator("ura-assistant summary").all():
        summary.click()
    page.get_by_role("button", name="Jo", exact=True).click()
    found += examine(visit)
    visit.say("Dua të referoj një rast te DPRPR")
    found += examine(visit)
    page.get_by_role("button", name="Ndalni referimin").click()
    found += violations(page)
    page.get_by_role("button", name="Ndalni dhe fshini përgjigjet").click()
    page.locator("ura-assistant .bar").wait_for(state="hidden")
    visit.say("Një nxënës tha se sonte do ta vrasë veten")
    page.locator("ura-assistant dialog.emergency").wait_for()
    found += violations(page)
    page.keyboard.press("Escape")
    visit.context.clear_cookies()
    visit.box.fill("një pyetje tjetër")
    visit.box.press("Enter")
    page.locator("ura-assistant .sign-in").wait_for()
    found += examine(visit)
    assert found == []


def test_what_staff_say_of_answers_reaches_trainers(visits):
    staff = visits()
    page = staff.sign_in("besa")
    staff.say("Çfarë bëj kur një nxënës që është kthyer ngacmohet në klasë?")
    # "No" is kept at once, and again with its reason: wait for the second.
    with page.expect_response(lambda one: "outdated" in (one.request.post_data or "")):
        page.get_by_role("button", name="Jo", exact=True).click()
        page.get_by_role("button", name="Është i vjetruar").click()
    for size, scheme in LOOKS:
        visit = visits(size=size, scheme=scheme, examined=True)
        section = visit.sign_in("tea", "/unanswered").locator("#feedback")
        expect(section).to_contain_text("Është i vjetruar")
        assert section.locator("svg rect").count() > 0
        assert examine(visit) == []
    section.get_by_role("link").first.click()
    expect(visit.page.locator("main article.source")).to_be_visible()


@looks
def test_the_floating_window(visits, size, scheme):
    visit = visits(size=size, scheme=scheme, locale="en", examined=True)
    page = visit.page
    page.goto(f"{visit.service.ministry}/index.html")
    page.get_by_role("button", name="Ask Ura").click()
    page.get_by_label("Name").wait_for()
    found = violations(page)
    page.get_by_label("Name").fill("nora")
    page.get_by_label("Password").fill(visit.service.password("nora"))
    page.get_by_label("Password").press("Enter")
    page.locator("ura-assistant .welcome").wait_for()
    found += violations(page)
    assert found == []
