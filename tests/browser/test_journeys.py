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


def test_a_term_is_added_with_the_keyboard_tried_changed_removed_and_brought_back(visits):
    visit = visits(size=PHONE, examined=True)
    page = visit.sign_in("tea", "/library")
    page.get_by_role("link", name="Termat tanë").click()
    page.locator("#cell-sq").focus()
    for cell in ("klubi Bagrem / bagremi", "клуб Багрем", "the"):
        page.keyboard.type(cell)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#error-en")).to_be_visible()
    assert complaints(page) == []
    assert page.locator("#cell-sr").input_value() == "клуб Багрем"
    page.locator("#cell-en").fill("Bagrem youth club")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.locator(".rows")).to_contain_text("klub Bagrem")

    page.locator("#try > summary").click()
    page.locator("#question").fill("A guxon me shku te bagremi?")
    page.locator("#question").press("Enter")
    expect(page.locator("#try")).to_contain_text("Bagrem youth club")
    assert complaints(page) == []
    assert visit.overflow() == 0

    page.locator(".rows").get_by_role("link", name="Ndryshoni").click()
    page.locator("#cell-en").fill("Acacia youth club")
    page.keyboard.press("Enter")
    expect(page.locator(".rows")).to_contain_text("Acacia youth club")
    page.get_by_role("button", name="Hiqeni").click()
    expect(page.locator(".empty")).to_be_visible()
    page.get_by_role("button", name="Kthejeni").click()
    expect(page.locator(".rows")).to_contain_text("Acacia youth club")
    assert visit.overflow() == 0


def test_a_text_past_its_validity_is_flagged_in_the_chat(visits, tmp_path):
    paper = tmp_path / "vjeter.md"
    paper.write_text(
        "---\nvalid_until: 2025-12-31\nwhen_out_of_date: flag\nlanguage: sq\n---\n# Kampi veror\n\n"
        "## Regjistrimi\n\nFamilja e regjistron fëmijën në kampin veror te drejtori i shkollës.\n",
        encoding="utf-8",
    )
    first = visits()
    page = first.sign_in("tea", "/library?add=yes")
    page.locator("#file").set_input_files(paper)
    page.locator("form[data-upload] button.button--primary").click()
    page.wait_for_url(re.compile("/library/kampi-veror"))
    second = visits()
    address = page.url.removeprefix(first.service.address)
    second.sign_in("tom", address).get_by_role("button", name="Approve", exact=True).click()
    expect(second.page.get_by_role("status")).to_be_visible()
    # Each reader's language writes the day in its own way.
    for name, question, told in (
        ("arta", "Si regjistrohet fëmija në kampin veror?", "Vlente deri më 31 dhjetor 2025"),
        ("sanja", "Како се дете пријављује у летњи камп?", "Важило је до 31. децембра 2025."),
    ):
        asker = visits(size=PHONE, examined=True)
        asker.sign_in(name)
        asker.say(question)
        card = asker.last.locator(".citation", has_text="Kampi veror")
        expect(card.locator(".state")).to_contain_text(told)
        assert complaints(asker.page) == []


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
