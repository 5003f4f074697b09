"""Accounts: what is kept, what is refused."""

import pytest
from sqlalchemy import text

from assistant.people.people import (
    LONGEST_PASSWORD,
    BadName,
    NameTaken,
    People,
    PersonNotFound,
    WeakPassword,
    WrongPassword,
)
from knowledge.language import UnknownLanguage
from tests.builders import PASSWORD, QUICK_HASHER, a_person


@pytest.fixture
def people(engine, clock):
    return People(engine, clock=clock, hasher=QUICK_HASHER)


def test_a_new_account_keeps_what_it_was_given_and_no_readable_password(people, engine):
    person = people.add(a_person(language="sr-Cyrl"))
    assert (person.name, person.role, person.municipality) == ("Arta Testi", "teacher", "KLI")
    assert (person.language, person.script) == ("sr", "Cyrl")
    with engine.connect() as connection:
        stored = connection.execute(text("select * from people")).one()
    assert PASSWORD not in " ".join(map(str, stored))
    assert stored.password_hash.startswith("$argon2")


def test_two_accounts_cannot_share_a_name_in_other_letters(people):
    people.add(a_person(name="Arta  Testi"))
    with pytest.raises(NameTaken):
        people.add(a_person(name="ARTA TESTI"))


@pytest.mark.parametrize("name", ["", " ", "x", "a" * 81, "tab\x00here", "\u202eevil"])
def test_a_name_that_nobody_could_type_is_refused(people, name):
    with pytest.raises(BadName):
        people.add(a_person(name=name))


@pytest.mark.parametrize("password", ["", "short", "arta testi  "[:11]])
def test_a_short_password_is_refused(people, password):
    with pytest.raises(WeakPassword):
        people.add(a_person(password=password))


def test_a_password_that_is_the_name_is_refused(people):
    with pytest.raises(WeakPassword):
        people.add(a_person(name="Arta Longname", password="arta longname"))


def test_an_unknown_language_is_refused(people):
    with pytest.raises(UnknownLanguage):
        people.add(a_person(language="sr"))


def test_changing_what_is_not_there_says_so(people):
    with pytest.raises(PersonNotFound):
        people.disable("nobody")
    with pytest.raises(PersonNotFound):
        people.set_language("0" * 32, "sq")


def test_the_chosen_language_is_kept(people):
    person = people.add(a_person())
    people.set_language(person.id, "sr-Latn")
    assert [(one.language, one.script) for one in people.everyone()] == [("sr", "Latn")]


def test_passwords_are_kept_by_argon2_at_its_recommended_cost(engine, clock):
    People(engine, clock=clock).add(a_person())
    with engine.connect() as connection:
        kept = connection.scalar(text("select password_hash from people"))
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_password_that_is_too_long_is_refused_unhashed(people, monkeypatch):
    longest = "a" * LONGEST_PASSWORD
    person = people.add(a_person(password=longest))
    with pytest.raises(WeakPassword):
        people.change_password(person.id, present=longest, new=longest + "b")
    monkeypatch.setattr(people, "_hasher", None)
    with pytest.raises(WeakPassword):
        people.reset_password(person.name, longest + "b")
    with pytest.raises(WrongPassword):
        people.change_password(person.id, present=longest + "b", new=PASSWORD)
