"""The service's own log: JSON lines on standard error, with ids and kinds, never with content."""

import logging
import sys
import traceback

import structlog


def configure_log() -> None:
    """Let every logger of the product write one JSON object a line.

    Loggers are not kept, so that each line goes to the standard error of its moment.
    """
    root = logging.getLogger()
    if not any(isinstance(handler, KindOnly) for handler in root.handlers):
        root.addHandler(KindOnly(logging.WARNING))
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger("info"),
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


class KindOnly(logging.Handler):
    """Notes that a library warned, and where, but not its words: those may quote what was sent."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        place = f"{record.pathname}:{record.lineno}"
        structlog.get_logger().warning("library_warned", library=record.name, place=place)


def kind_and_place(error: BaseException) -> dict[str, object]:
    """Return what may be logged of an error: its type and where it arose.

    Its text stays out: a database error repeats the values of the row, and those may be a case.
    """
    frames = traceback.extract_tb(error.__traceback__)
    place = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
    cause = error.__cause__ or error.__context__
    return {
        "error": type(error).__qualname__,
        "cause": type(cause).__qualname__ if cause else None,
        "place": place,
    }
