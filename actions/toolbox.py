"""What the actions work with, built once and handed to each of them."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Engine

from actions.directory import Directory
from actions.identity import DemoSeal, IdentitySeal
from actions.referrals.log import ReferralLog
from config.clock import Clock, now
from config.database import open_database
from config.encryption import load_key_ring, load_secret
from config.settings import Settings, sanic_is_private
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
    settings = Settings()
    return open_toolbox(settings, demo=settings.demo and sanic_is_private())


def open_toolbox(settings: Settings, *, demo: bool = False) -> Toolbox:
    """Return the toolbox that `settings` describe; in a demo nobody needs to be signed in.

    The model folder must have been prepared and the database migrated, as `make run` does.
    """
    engine = open_database(settings.database_url, load_key_ring(settings.key_folder))
    encoder = SentenceEncoder.open(settings.model_folder, precision=settings.precision)
    return build(engine, open_library(settings, engine, encoder), load_seal(settings, demo=demo))


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


def load_seal(settings: Settings, *, demo: bool = False) -> IdentitySeal:
    """Return the seal of this data folder; service and action server share it through a file."""
    secret = load_secret(settings.key_folder / "identity.key", secrets.token_bytes(32))
    return DemoSeal(secret) if demo else IdentitySeal(secret)
