"""Whether the service lives and whether it is ready, for the programs that watch it."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from assistant.web.background import Background
from assistant.web.depends import TheParts

router = APIRouter(tags=["health"])


@router.get("/health/live")
def live() -> dict[str, str]:
    """Say that the process answers at all."""
    return {"status": "live"}


@router.get("/health/ready")
def ready(request: Request, parts: TheParts) -> JSONResponse:
    """Say whether everything is loaded; 503 until then."""
    background: Background = request.app.state.background
    found = {"database": True, "questions": background.loaded}
    try:
        with parts.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        found["database"] = False
    every = all(found.values())
    status = "ready" if every else "starting"
    return JSONResponse({"status": status, "parts": found}, 200 if every else 503)
