"""Makes the things that tests talk about, with good defaults."""

from dataclasses import replace
from typing import Any

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from assistant.people.people import NewPerson

PASSWORD = "a bridge over the Drin"
# The real algorithm at its least cost, so that a thousand sign-ins in tests take seconds.
QUICK_HASHER = PasswordHash([Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)])


def a_person(**changes: Any) -> NewPerson:
    """Return a teacher in Klinë, changed as asked."""
    teacher = NewPerson(
        name="Arta Testi",
        password=PASSWORD,
        role="teacher",
        institution="Shkolla Testuese",
        municipality="KLI",
        language="sq",
    )
    return replace(teacher, **changes)
