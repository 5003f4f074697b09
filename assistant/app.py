"""Ura, put together: every part is built once, joined, and served. Read this file first."""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache, partial
from importlib.metadata import metadata
from pathlib import Path

from fastapi import Depends, FastAPI
from fastapi.staticfiles import StaticFiles
from pwdlib import PasswordHash
from sqlalchemy import Engine
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from actions import all_actions, toolbox
from actions.told_besides import answers
from actions.toolbox import Toolbox
from assistant.dialogue.action_runner import ActionRunner, LocalActions, RemoteActions
from assistant.dialogue.conversation import Conversations
from assistant.dialogue.records import Records
from assistant.dialogue.script import load_script
from assistant.dialogue.understanding import Understanding
from assistant.people.people import People
from assistant.people.permissions import Permissions
from assistant.people.sign_in import SignIns
from assistant.web import (
    callback,
    chat,
    health,
    library,
    public,
    rasa_api,
    referral_api,
    referrals,
    sign_in,
    sources,
)
from assistant.web import settings as settings_pages
from assistant.web.background import Background
from assistant.web.depends import guard, open_pages
from assistant.web.errors import LastResort, add_error_handlers
from assistant.web.line import Line
from assistant.web.log import configure_log
from assistant.web.pace import Pace
from assistant.web.parts import Parts
from assistant.web.receiver import Receiver
from assistant.web.security import BodyLimit, Wall, networks
from assistant.web.socket_channel import PATH as SOCKET_PATH
from assistant.web.socket_channel import SocketChannel
from config.clock import Clock, now
from config.credentials import callback_url
from config.encryption import load_secret
from config.settings import Settings
from knowledge import language, personal_data
from knowledge.encoder import Encoder, SentenceEncoder

ROUTERS = (
    chat.router,
    callback.router,
    rasa_api.router,
    library.router,
    sources.router,
    referrals.router,
    referral_api.router,
    sign_in.router,
    settings_pages.router,
    public.router,
    health.router,
)
STATIC = Path(__file__).parent / "web" / "static"


def build_parts(
    settings: Settings,
    engine: Engine,
    *,
    encoder: Encoder | None = None,
    understanding: Understanding | None = None,
    clock: Clock = now,
    hasher: PasswordHash | None = None,
) -> Parts:
    """Return every part of the product, joined; tests bring their own model, clock and hasher."""
    encoder = encoder or SentenceEncoder.open(
        settings.model_folder, precision=settings.precision, aside=True
    )
    library = toolbox.open_library(settings, engine, encoder, clock=clock)
    tools = toolbox.build(engine, library, toolbox.load_seal(settings), clock=clock)
    records = _records(settings, engine, clock)
    script = load_script()
    choice = partial(answers, directory=tools.directory)
    learn = cache(
        lambda: understanding or Understanding(script, encoder, settings.index_folder, choice)
    )
    return Parts(
        settings=settings,
        engine=engine,
        library=library,
        referrals=tools.referrals,
        directory=tools.directory,
        people=People(engine, clock=clock, hasher=hasher),
        sign_ins=SignIns(engine, settings, clock=clock, hasher=hasher),
        permissions=Permissions.load(),
        conversations=Conversations(
            script,
            learn,
            runner=_runner(settings, tools),
            records=records,
            seal=tools.seal,
            public=library.names,
            message_limit=settings.message_limit,
        ),
        records=records,
        understanding=learn,
        receiver=Receiver(url) if (url := callback_url()) else None,
        model_name=encoder.name,
        form_secret=load_secret(settings.key_folder / "forms.key", secrets.token_bytes(32)),
    )


def create_app(parts: Parts) -> FastAPI:
    """Return the service: pages for people, an interface for programs, and what guards them."""
    configure_log()
    app = FastAPI(
        title="Ura",
        description=metadata("ura")["Summary"],
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(guard)],
        middleware=_walls(parts.settings),
        lifespan=_lifespan,
    )
    furnish(app, parts)
    for router in ROUTERS:
        app.include_router(router)
    app.mount(SOCKET_PATH, SocketChannel().app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    add_error_handlers(app)
    return app


def furnish(app: FastAPI, parts: Parts) -> None:
    """Give `app` the parts it works with, and all that is kept of one service while it runs."""
    app.state.parts = parts
    app.state.pages = open_pages()
    app.state.pace = Pace(parts.settings.messages_per_minute)
    app.state.line = Line()
    app.state.proxies = networks(parts.settings.trusted_proxies)
    app.state.background = Background(_loading(parts), _forgetting(parts))


def _records(settings: Settings, engine: Engine, clock: Clock) -> Records:
    """Return what keeps conversations, for as long as the settings say."""
    return Records(
        engine,
        clock=clock,
        draft_days=settings.draft_days,
        conversation_days=settings.conversation_days,
        lock_folder=settings.lock_folder,
    )


def _runner(settings: Settings, tools: Toolbox) -> ActionRunner:
    """Return what runs the actions: this process, or the action server that the settings name."""
    if not settings.action_server:
        return LocalActions(all_actions(lambda: tools), timeout_s=settings.action_timeout_s)
    return RemoteActions(
        settings.action_server,
        secret=settings.action_secret,
        timeout_s=settings.action_timeout_s,
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Load and forget in the background while the service runs."""
    app.state.background.start()
    yield
    app.state.background.stop()


def _walls(settings: Settings) -> list[Middleware]:
    """Return what every request passes on its way in, outermost first."""
    walls = [Middleware(Wall), Middleware(LastResort), Middleware(BodyLimit, settings=settings)]
    if settings.allowed_origins:
        embedding = Middleware(
            CORSMiddleware,
            allow_origins=settings.allowed_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key"],
            max_age=600,
        )
        walls.insert(1, embedding)
    return walls


def _loading(parts: Parts) -> Callable[[], object]:
    """Return what makes the first question as fast as the next."""

    def load() -> None:
        language.warm_up()
        personal_data.warm_up()
        parts.understanding()
        parts.library.refresh()

    return load


def _forgetting(parts: Parts) -> tuple[Callable[[], object], ...]:
    """Return what deletes that which is over."""
    days = timedelta(days=parts.settings.unanswered_days)

    def forget_unanswered() -> int:
        return parts.library.forget_unanswered(now() - days)

    return parts.records.forget_old, parts.sign_ins.forget_ended, forget_unanswered
