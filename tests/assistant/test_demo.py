"""Demo accounts: one a role, private, the same at the second start, never on an open address."""

import json
import stat

import pytest
from sqlalchemy import delete

from assistant.demo import (
    DemoNameTaken,
    NotLoopback,
    prepare_demo,
    refuse_open_address,
    roles_without_demo,
)
from assistant.people.people import People
from assistant.people.sign_in import SignIns
from assistant.people.tables import Person
from config.settings import Settings
from tests.builders import PASSWORD, QUICK_HASHER, a_person


@pytest.fixture
def people(engine, clock):
    return People(engine, clock=clock, hasher=QUICK_HASHER)


def test_every_role_has_a_demo_account_and_there_are_two_trainers(people, tmp_path):
    accounts = prepare_demo(people, tmp_path / "demo.json")
    assert roles_without_demo() == set()
    assert [one["role"] for one in accounts].count("trainer") == 2


def test_the_passwords_open_and_only_the_owner_may_read_them(people, engine, clock, tmp_path):
    file = tmp_path / "demo.json"
    accounts = prepare_demo(people, file)
    assert json.loads(file.read_text(encoding="utf-8")) == accounts
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    first = accounts[0]
    signed_in = SignIns(engine, Settings(demo=True), clock=clock, hasher=QUICK_HASHER).sign_in(
        first["name"], first["password"], "127.0.0.1"
    )
    assert signed_in.person.role == first["role"]


def test_two_data_folders_have_different_passwords_and_a_second_start_the_same(people, tmp_path):
    file = tmp_path / "demo.json"
    first = prepare_demo(people, file)
    assert prepare_demo(people, file) == first
    file.unlink()
    renewed = prepare_demo(people, file)
    assert {one["password"] for one in renewed}.isdisjoint(one["password"] for one in first)


def test_a_real_account_with_the_name_of_a_demo_account_is_left_as_it_is(
    people, engine, clock, tmp_path
):
    file = tmp_path / "demo.json"
    name = prepare_demo(people, file)[-1]["name"]
    with engine.begin() as connection:
        connection.execute(delete(Person))
    people.add(a_person(name=name.title()))
    people.disable(name)
    with pytest.raises(DemoNameTaken):
        prepare_demo(people, file)
    (kept,) = people.everyone()
    assert (kept.active, kept.demo) == (False, False)
    people.reset_password(name, PASSWORD)
    sign_ins = SignIns(engine, Settings(), clock=clock, hasher=QUICK_HASHER)
    assert sign_ins.sign_in(name, PASSWORD, "127.0.0.1").person == people.everyone()[0]


def test_a_new_database_gets_the_accounts_of_the_file(people, engine, clock, tmp_path):
    file = tmp_path / "demo.json"
    first = prepare_demo(people, file)
    with engine.begin() as connection:
        connection.execute(delete(Person))
    assert prepare_demo(people, file) == first
    sign_ins = SignIns(engine, Settings(demo=True), clock=clock, hasher=QUICK_HASHER)
    for account in first:
        assert sign_ins.sign_in(account["name"], account["password"], "127.0.0.1").person.active


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "ura.example.org", "::"])  # noqa: S104
def test_demo_accounts_keep_the_service_on_this_machine(host):
    with pytest.raises(NotLoopback):
        refuse_open_address(host)


def test_a_loopback_address_is_fine():
    for host in ("127.0.0.1", "::1", "localhost"):
        refuse_open_address(host)
