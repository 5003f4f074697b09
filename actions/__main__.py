"""The actions as a server of their own, for a service or a Rasa that runs elsewhere."""

import hmac
from functools import cache, partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Request, Sanic
from sanic.response import HTTPResponse, json

from actions import all_actions
from actions.toolbox import Tools, open_toolbox
from config.settings import LOOPBACK, Settings

USAGE = 2


def make_app(secret: str, tools: Tools) -> Sanic[Any, Any]:
    """Return rasa-sdk's own server with all actions, open only to those who know `secret`.

    The secret comes as Rasa sends it: the query parameter `token` of endpoints.yml, or in a header
    `Authorization: Bearer`. Only /health answers without it.
    """
    executor = ActionExecutor()
    for action in all_actions(tools):
        executor.register_action(action)
    app: Sanic[Any, Any] = create_app(executor, cors_origins=[])

    @app.on_request
    async def _ask_for_secret(request: Request) -> HTTPResponse | None:
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        given = request.args.get("token") or bearer
        if request.path == "/health" or hmac.compare_digest(given.encode(), secret.encode()):
            return None
        return json({"error": "unauthorized"}, status=401)

    @app.on_response  # type: ignore[untyped-decorator]
    async def _say_nothing_of_the_case(_: Request, response: HTTPResponse) -> HTTPResponse | None:
        # rasa-sdk answers a failed action with the whole request, every slot of the conversation.
        failed = response.status >= 500  # noqa: PLR2004 (the HTTP class of server errors)
        return json({"error": "action failed"}, status=response.status) if failed else None

    return app


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 5055,
    data: Annotated[Path | None, typer.Option(help="Data folder; default URA_DATA.")] = None,
) -> None:
    """Serve the actions until stopped; the secret comes from URA_ACTION_SECRET."""
    settings = Settings() if data is None else Settings(data=data)
    if not settings.action_secret:
        typer.echo("URA_ACTION_SECRET is not set; without it the server would be open.", err=True)
        raise typer.Exit(USAGE)
    if settings.demo and host not in LOOPBACK:
        typer.echo("URA_DEMO is set: listen on 127.0.0.1 only.", err=True)
        raise typer.Exit(USAGE)
    tools = cache(partial(open_toolbox, settings, demo=settings.demo))
    app = make_app(settings.action_secret, tools)
    # One process: the library is in memory, and more workers would each load it again.
    app.run(host=host, port=port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    typer.run(serve)
