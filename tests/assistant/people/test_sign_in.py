"""Signing in: who gets in, who does not, and when it ends."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from assistant.people.people import People, WrongPassword
from assistant.people.sign_in import SignIns, TooManyAttempts, WrongCredentials, digest
from config.settings import Settings
from tests.builders import PASSWORD, QUICK_HASHER, a_person

HERE, ELSEWHERE = "127.0.0.1", "192.0.2.7"


@pytest.fixture
def people(engine, clock):
    people = People(engine, clock=clock, hasher=QUICK_HASHER)
    people.add(a_person())
    return people


@pytest.fixture
def sign_ins(engine, clock, people):
    settings = Settings(sign_in_attempts=3, address_attempts=12)
    return SignIns(engine, settings, clock=clock, hasher=QUICK_HASHER)


def test_the_right_password_opens_and_its_token_is_not_in_the_database(sign_ins, engine):
    signed_in = sign_ins.sign_in("arta TESTI ", PASSWORD, HERE)
    assert sign_ins.who(signed_in.token) == signed_in.person
    with engine.connect() as connection:
        rows = connection.execute(text("select * from sign_ins")).all()
    assert signed_in.token not in str(rows)


def test_a_wrong_password_and_an_unknown_name_look_alike(sign_ins):
    with pytest.raises(WrongCredentials) as wrong:
        sign_ins.sign_in("Arta Testi", "not this one at all", HERE)
    with pytest.raises(WrongCredentials) as unknown:
        sign_ins.sign_in("Nobody Here", PASSWORD, HERE)
    assert str(wrong.value) == str(unknown.value)


def test_after_some_failures_even_the_right_password_waits(sign_ins):
    for _ in range(3):
        with pytest.raises(WrongCredentials):
            sign_ins.sign_in("Arta Testi", "not this one at all", HERE)
    with pytest.raises(TooManyAttempts):
        sign_ins.sign_in("Arta Testi", PASSWORD, "127.0.0.2")


def test_a_sign_in_ends_when_idle(sign_ins, clock):
    token = sign_ins.sign_in("Arta Testi", PASSWORD, HERE).token
    clock.move(timedelta(minutes=59))
    assert sign_ins.who(token)
    clock.move(timedelta(minutes=61))
    assert sign_ins.who(token) is None


def test_a_sign_in_ends_for_good_however_busy(sign_ins, clock):
    token = sign_ins.sign_in("Arta Testi", PASSWORD, HERE).token
    for _ in range(24):
        assert sign_ins.who(token)
        clock.move(timedelta(minutes=30))
    assert sign_ins.who(token) is None


def test_signing_out_ends_it(sign_ins):
    token = sign_ins.sign_in("Arta Testi", PASSWORD, HERE).token
    sign_ins.sign_out(token)
    sign_ins.sign_out(token)
    assert sign_ins.who(token) is None


def test_a_disabled_account_is_out_at_once_and_stays_out(sign_ins, people):
    token = sign_ins.sign_in("Arta Testi", PASSWORD, HERE).token
    people.disable("arta testi")
    assert sign_ins.who(token) is None
    with pytest.raises(WrongCredentials):
        sign_ins.sign_in("Arta Testi", PASSWORD, HERE)


def test_a_new_password_ends_every_other_sign_in(sign_ins, people):
    here, there = (sign_ins.sign_in("Arta Testi", PASSWORD, HERE) for _ in range(2))
    with pytest.raises(WrongPassword):
        people.change_password(here.person.id, present="no", new="another long one")
    people.change_password(
        here.person.id, present=PASSWORD, new="another long one", keep=digest(here.token)
    )
    assert sign_ins.who(here.token)
    assert sign_ins.who(there.token) is None
    assert sign_ins.sign_in("Arta Testi", "another long one", HERE)


def test_a_reset_password_opens_the_account_again(sign_ins, people):
    people.disable("Arta Testi")
    people.reset_password("Arta Testi", "a third long one")
    assert sign_ins.sign_in("Arta Testi", "a third long one", HERE)


def test_sign_ins_that_are_over_are_swept_away(sign_ins, clock):
    sign_ins.sign_in("Arta Testi", PASSWORD, HERE)
    assert sign_ins.forget_ended() == 0
    clock.move(timedelta(hours=13))
    assert sign_ins.forget_ended() == 1


def test_colleagues_behind_one_address_do_not_lock_each_other_out(sign_ins, people):
    people.add(a_person(name="Besa Testi"))
    for name in ("Besa Testi", "nobody", "nobody else"):
        for _ in range(3):
            with pytest.raises(WrongCredentials):
                sign_ins.sign_in(name, "not this one at all", HERE)
    assert sign_ins.sign_in("Arta Testi", PASSWORD, HERE)
    with pytest.raises(TooManyAttempts):
        sign_ins.sign_in("Besa Testi", PASSWORD, HERE)


def test_an_address_that_guesses_at_many_names_has_to_wait(sign_ins):
    for number in range(12):
        with pytest.raises(WrongCredentials):
            sign_ins.sign_in(f"Arta Testi {number}", "not this one at all", ELSEWHERE)
    with pytest.raises(TooManyAttempts):
        sign_ins.sign_in("Arta Testi", PASSWORD, ELSEWHERE)
    assert sign_ins.sign_in("Arta Testi", PASSWORD, HERE)


def test_many_attempts_at_once_are_counted_one_by_one(sign_ins):
    def attempt(_number):
        try:
            sign_ins.sign_in("Arta Testi", "not this one at all", HERE)
        except (WrongCredentials, TooManyAttempts) as refusal:
            return type(refusal)

    with ThreadPoolExecutor(40) as pool:
        refusals = list(pool.map(attempt, range(40)))
    assert refusals.count(WrongCredentials) == 3
    assert refusals.count(TooManyAttempts) == 37


def test_without_the_demo_setting_a_demo_account_looks_like_none(engine, clock, people):
    people.add(a_person(name="Demo Testi", demo=True))
    wanted = SignIns(engine, Settings(demo=True), clock=clock, hasher=QUICK_HASHER)
    token = wanted.sign_in("Demo Testi", PASSWORD, HERE).token
    assert wanted.who(token) is not None
    real = SignIns(engine, Settings(), clock=clock, hasher=QUICK_HASHER)
    assert real.who(token) is None
    with pytest.raises(WrongCredentials) as refused:
        real.sign_in("Demo Testi", PASSWORD, HERE)
    with pytest.raises(WrongCredentials) as unknown:
        real.sign_in("Nobody Here", PASSWORD, HERE)
    assert str(refused.value) == str(unknown.value)
    assert real.sign_in("Arta Testi", PASSWORD, HERE).person.name == "Arta Testi"
