"""Reads pages as a picky reader would: what is wrong with the markup, and what the text says."""

from collections import Counter
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "img", "hr"}
NAMED = {"input", "select", "textarea"}
REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls")


class Page(HTMLParser):
    """One page: its open tags, its ids, its fields and its visible text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.tags: Counter[str] = Counter()
        self.labelled: set[str] = set()
        self.fields: list[tuple[str, bool]] = []
        self.pointed_at: set[str] = set()
        self.mistakes: list[str] = []
        self._open: list[str] = []
        self._text: list[str] = []
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._text).split())

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags[tag] += 1
        if "id" in given:
            self.ids[given["id"]] += 1
        for name in REFERENCES:
            self.pointed_at.update((given.get(name) or "").split())
        if tag == "label" and given.get("for"):
            self.labelled.add(given["for"])
        if tag in NAMED and given.get("type") != "hidden":
            self.fields.append((given.get("id", ""), self._is_named(given)))
        if tag == "form" and "form" in self._open:
            self.mistakes.append("a form in a form")
        if tag == "button" and not given.get("type") and "form" not in self._open:
            self.mistakes.append("a button that does nothing")
        self.mistakes += [f"inline {name}" for name in given if name[:2] == "on" or name == "style"]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self._open or self._open.pop() != tag:
            self.mistakes.append(f"</{tag}> closes another element")

    def handle_data(self, data):
        if not self._open or self._open[-1] not in {"script", "style"}:
            self._text.append(data)

    def _is_named(self, given) -> bool:
        hidden = given.get("aria-hidden") == "true"
        return hidden or bool(given.get("aria-label")) or "label" in self._open


def mistakes_in(html: str) -> list[str]:
    """Return what is wrong with a page: fields without label, repeated ids, dead references."""
    page = Page(html)
    nameless = [f for f, named in page.fields if not named and f not in page.labelled]
    return [
        *page.mistakes,
        *(f"field {one!r} has no label" for one in nameless),
        *(f"id {one!r} is repeated" for one, times in page.ids.items() if times > 1),
        *(f"nothing has the id {one!r}" for one in sorted(page.pointed_at - set(page.ids))),
        *(["not one h1"] if page.tags["h1"] != 1 else []),
        *(["inline script"] if "<script>" in html else []),
    ]


def text_of(html: str) -> str:
    """Return what a reader of the page reads, blanks collapsed."""
    return Page(html).text
