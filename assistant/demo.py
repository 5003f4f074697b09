"""Demo accounts: one per role and a second trainer, with random passwords, on this machine only."""

import json
import os
import secrets
from pathlib import Path

from assistant.people.people import NameTaken, NewPerson, People
from assistant.people.permissions import Permissions
from config.files import load_yaml
from config.settings import LOOPBACK


class DemoNameTaken(Exception):
    """A real account has the name of a demo account, and is left as it is."""


class NotLoopback(Exception):
    """Demo accounts exist, so the service may only listen on this machine."""


def refuse_open_address(host: str) -> None:
    """Do nothing for a loopback address.

    Raises:
        NotLoopback: `host` can be reached from other machines.
    """
    if host not in LOOPBACK:
        raise NotLoopback


def prepare_demo(people: People, file: Path) -> list[dict[str, str]]:
    """Return the demo accounts, making those that are missing; `file` (mode 600) keeps them.

    Each is `{"name", "password", "role"}`. The second start finds them in the file. When the file
    is lost the passwords are renewed, because nobody can know the old ones; when the database is a
    new one the accounts are made again with the passwords in the file.

    Raises:
        DemoNameTaken: A real account has one of the names; nothing was changed.
    """
    known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    by_name = {account["name"]: account for account in known}
    everyone = people.everyone()
    there = {person.name for person in everyone if person.demo}
    real = {person.name.casefold() for person in everyone if not person.demo}
    samples = load_yaml("demo.yml")
    if any(sample["name"].casefold() in real for sample in samples):
        raise DemoNameTaken
    accounts = []
    for sample in samples:
        account = by_name.get(sample["name"])
        if account is None or sample["name"] not in there:
            account = _make(people, sample, password=account and account["password"])
        accounts.append(account)
    if accounts != known:
        _write_privately(file, json.dumps(accounts, ensure_ascii=False, indent=1))
    return accounts


def roles_without_demo() -> set[str]:
    """Return the roles that no demo account shows."""
    return set(Permissions.load().roles) - {sample["role"] for sample in load_yaml("demo.yml")}


def _make(people: People, sample: dict[str, str], *, password: str | None) -> dict[str, str]:
    password = password or "-".join(secrets.token_hex(2) for _ in range(4))
    try:
        people.add(NewPerson(password=password, demo=True, **sample))
    except NameTaken:
        people.reset_password(sample["name"], password)
    return {"name": sample["name"], "password": password, "role": sample["role"]}


def _write_privately(file: Path, text: str) -> None:
    draft = file.with_name(f".{file.name}.draft")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, file)
