"""Log lines as JSON: ids, counts, codes and durations, never text of a document, a question or an answer.

What our own code logs is written by us, under the loggers "consilium…", and says no text. Vendors' libraries promise
nothing of the kind: some log whole requests and SQL values. Of their records only the logger, the level and the place
in the source are written, which is where an engineer reads what the line would have said.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, TextIO

OURS: Final = "consilium"
request_id: ContextVar[str] = ContextVar("request_id", default="")
trace_id: ContextVar[str] = ContextVar("trace_id", default="")
_FACTS: Final = "facts"
_SAFE: Final = re.compile(r"[\w.:/{}*-]{0,200}", re.ASCII)
_LOG: Final = logging.getLogger("consilium.process")

Fact = str | int | float | bool | None


def say(logger: logging.Logger, level: int, event: str, **facts: Fact) -> None:
    """Log an event of ours: a fixed name, and ids, counts, codes and durations."""
    if logger.isEnabledFor(level):
        logger.log(level, event, extra={_FACTS: facts}, stacklevel=2)


def configure(level: str, stream: TextIO | None = None) -> None:
    """Write every record of this process as a line of JSON to ``stream`` (standard error), from ``level`` upwards."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in list(logging.root.manager.loggerDict):
        found = logging.getLogger(name)
        # handlers of vendors would write beside ours, with the text that ours leaves out
        found.handlers[:] = []
        found.propagate = True
    logging.captureWarnings(capture=True)
    logging.raiseExceptions = False
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.name == OURS or record.name.startswith(f"{OURS}."):
            line["event"] = record.getMessage()
            facts = getattr(record, _FACTS, {})
            line |= {name: _safe(value) for name, value in facts.items()}
        else:
            line["at"] = f"{record.module}:{record.lineno}"
        for name, found in (("request_id", request_id.get()), ("trace_id", trace_id.get())):
            if found:
                line[name] = found
        if record.exc_info and record.exc_info[0]:
            line["error"], line["raised_at"] = record.exc_info[0].__name__, _place(record.exc_info[2])
        return json.dumps(line, ensure_ascii=True)


def _safe(value: Fact) -> Fact:
    """Return a fact, or what kind it is where it could be a text."""
    if isinstance(value, str) and not _SAFE.fullmatch(value):
        return "withheld"
    return value


def _place(trace: TracebackType | None) -> str:
    """Return the innermost place of a traceback, without the line's words."""
    place = ""
    while trace is not None:
        place = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    del error
    say(_LOG, logging.ERROR, "process.uncaught", error=kind.__name__, raised_at=_place(trace))


def _uncaught_in_thread(hook: threading.ExceptHookArgs) -> None:
    say(_LOG, logging.ERROR, "thread.uncaught", error=hook.exc_type.__name__, raised_at=_place(hook.exc_traceback))


def _unraisable(hook: sys.UnraisableHookArgs) -> None:
    say(_LOG, logging.ERROR, "process.unraisable", error=hook.exc_type.__name__, raised_at=_place(hook.exc_traceback))
