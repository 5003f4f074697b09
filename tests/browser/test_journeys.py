"""The three journeys the product is for, each through every person it takes, in a real browser."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Visit
from tests.browser.test_referral import FACTS, NUMBER, fill_in

pytestmark = pytest.mark.browser

TITLE = "Protokolli i udhëtimit me autobus shkollor"
QUESTION = "Si bëhet kërkesa për autobus shkollor?"
ANSWER = "Familja e paraqet kërkesën për autobus shkollor në zyrën e arsimit brenda tetë ditëve."
# Two pages, so that the citation has a page to name.
PROTOCOL = f"""<!doctype html><html lang="sq"><head><title>{TITLE}</title>
<style>body {{ font: 14pt sans-serif }} section {{ break-after: page }}</style></head><body>
<section><h1>{TITLE}</h1><h2>Kujt i takon</h2>
<p>Protokolli vlen për nxënësit që banojnë larg shkollës dhe udhëtojnë çdo ditë.</p></section>
<section><h2>Si bëhet kërkesa</h2><p>{ANSWER} Zyra përgjigjet me shkrim dhe e njofton shkollën.</p>
</section></body></html>"""
# Each person's own question, and the document that must be among the sources.
QUESTIONS = (
    ("arta", "sq", "Çfarë bëj kur ka bullizëm ndaj një fëmije të kthyer?", "bullying"),
    ("petar", "sr-Latn", "Sta ako zatvorenik odbije program?", "prison-refusal"),
    ("sanja", "sr-Cyrl", "Да ли могу да поделим податке о особи са школом?", "information-sharing"),
    ("nora", "en", "What is not a sign of radicalisation in a child?", "early-worries"),
)


def complaints(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:90]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize(("name", "language", "question", "document"), QUESTIONS)
def test_a_question_is_answered_in_the_words_of_a_document(
    visits, name, language, question, document
):
    visit = visits(size=PHONE)
    page = visit.sign_in(name)
    visit.say(question)
    citations = visit.last.locator(".citation")
    expect(citations.first.locator("blockquote")).not_to_be_empty()
    opened = [link.get_attribute("href") for link in citations.locator("a.open").all()]
    assert any(document in address for address in opened)
    quote = citations.first.locator("blockquote").text_content()
    assert bool(re.search(r"[а-яђјљњћџ]", quote)) == (language == "sr-Cyrl")
    citations.first.locator("a.open").click()
    # The whole passage stands in the opened document, and the sentence that was quoted in it.
    first_words = " ".join(quote.split()[:4])
    expect(page.locator("main")).to_contain_text(first_words)
    assert visit.overflow() == 0


def test_a_referral_goes_from_the_chat_to_the_officer_and_back(visits):
    teacher = visits(size=PHONE)
    page = teacher.sign_in("arta")
    fill_in(teacher)
    page.locator("ura-assistant .summary .decide .button--primary").click()
    number = NUMBER.search(page.locator("ura-assistant .referral").inner_text())[0]

    officer = visits(examined=True)
    desk = officer.sign_in("drita", "/referrals")
    desk.get_by_role("link", name=re.compile(number)).first.click()
    expect(desk.locator("main")).to_contain_text(FACTS)
    assert complaints(desk) == []
    desk.get_by_role("button", name="Konfirmoni pranimin").click()
    expect(desk.get_by_role("status")).to_be_visible()
    desk.locator("#note").fill("E thirra shkollën; takohemi të enjten.")
    desk.locator("#note").press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.locator(".timeline .note")).to_contain_text("takohemi të enjten")

    teacher.say("Çka u bë me referimin tim?")
    expect(teacher.last).to_contain_text(number)
    expect(teacher.last).to_contain_text("Pranimi u konfirmua")
    teacher.open(f"/referrals/{number}")
    expect(page.locator("main")).not_to_contain_text("takohemi të enjten")

    stranger = visits()
    stranger.sign_in("besa", f"/referrals/{number}")
    expect(stranger.page.locator("main")).not_to_contain_text(FACTS)


@pytest.fixture
def paper(browser, tmp_path) -> Path:
    """A PDF of two pages, made by the browser's printer."""
    file = tmp_path / "autobusi.pdf"
    page = browser.new_page()
    page.set_content(PROTOCOL)
    page.pdf(path=file, format="A4")
    page.close()
    return file


def test_a_pdf_is_uploaded_approved_by_a_second_trainer_and_answers_in_the_chat(visits, paper):
    asker = visits()
    asker.sign_in("zoran")
    first = visits(examined=True)
    address = upload(first, paper)
    expect(first.page.locator("h1")).to_have_text(TITLE)
    expect(first.page.locator("article .quote").last).to_contain_text(ANSWER)
    assert first.page.get_by_role("button", name="Miratoni").count() == 0
    assert complaints(first.page) == []
    assert TITLE not in answer_to(asker)

    second = visits(examined=True)
    other = second.sign_in("tom", address)
    other.get_by_role("button", name="Approve", exact=True).click()
    expect(other.get_by_role("status")).to_be_visible()
    assert complaints(other) == []
    told = answer_to(asker)
    assert ANSWER in told
    assert TITLE in told
    assert "страна 2" in told

    other.locator("summary", has_text="Withdraw").click()
    other.get_by_role("button", name="Withdraw").click()
    expect(other.get_by_role("status")).to_be_visible()
    assert ANSWER not in answer_to(asker)


def upload(visit: Visit, file: Path) -> str:
    """Upload `file` as the trainer Tea; return the path of its page."""
    page = visit.sign_in("tea", "/library")
    page.locator("#add > summary").click()
    expect(page.locator(".file")).to_contain_text("Asnjë skedar i zgjedhur")
    page.locator("#file").set_input_files(file)
    expect(page.locator(".file")).to_contain_text(file.name)
    page.locator("#title").fill(TITLE)
    page.locator("form[data-upload] button.button--primary").click()
    page.wait_for_url(re.compile("/library/[^?]+"))
    return page.url.removeprefix(visit.service.address)


def answer_to(visit: Visit) -> str:
    visit.say(QUESTION)
    return visit.last.text_content()
