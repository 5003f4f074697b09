"""Makes the things that tests talk about, with good defaults."""

from dataclasses import replace
from typing import Any

from assistant.people.people import NewPerson

PASSWORD = "a bridge over the Drin"


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
