"""What the actions work with, built once and handed to each of them."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Engine

from actions.directory import Directory
from actions.identity import IdentitySeal
from actions.referrals.log import ReferralLog
from config.clock import Clock, now
from config.database import open_database
from config.encryption import load_key_ring, load_secret
from config.settings import Settings
from knowledge.encoder import Encoder, SentenceEncoder
from knowledge.gate import Gate
from knowledge.library import Library


@dataclass(frozen=True)
class Toolbox:
    """The parts that actions use; tests and the service make their own."""

    library: Library
    referrals: ReferralLog
    directory: Directory
    seal: IdentitySeal
    clock: Clock = now


# Actions hold this function and not the toolbox: rasa-sdk's server pickles them, and a database
# engine does not pickle.
Tools = Callable[[], Toolbox]


@cache
def from_environment() -> Toolbox:
    """Return the toolbox of this process, built from its settings at the first call."""
    return open_toolbox(Settings())


def open_toolbox(settings: Settings) -> Toolbox:
    """Return the toolbox that `settings` describe.

    The model folder must have been prepared and the database migrated, as `make run` does.
    """
    engine = open_database(settings.database_url, load_key_ring(settings.key_folder))
    encoder = SentenceEncoder.open(settings.model_folder, precision=settings.precision)
    return build(engine, open_library(settings, engine, encoder), load_seal(settings))


def open_library(
    settings: Settings, engine: Engine, encoder: Encoder, *, clock: Clock = now
) -> Library:
    """Return the library as `settings` describe it, with the gate that the product ships."""
    return Library(
        engine,
        encoder,
        settings.index_folder,
        clock=clock,
        second_person=settings.second_person_approves,
        gate=Gate.load(),
        limit_bytes=settings.upload_limit_bytes,
    )


def build(engine: Engine, library: Library, seal: IdentitySeal, *, clock: Clock = now) -> Toolbox:
    """Return a toolbox over an open database and a library."""
    return Toolbox(
        library=library,
        referrals=ReferralLog(engine, clock=clock),
        directory=Directory.load(clock=clock),
        seal=seal,
        clock=clock,
    )


def load_seal(settings: Settings) -> IdentitySeal:
    """Return the seal of this data folder; service and action server share it through a file."""
    return IdentitySeal(load_secret(settings.key_folder / "identity.key", secrets.token_bytes(32)))
