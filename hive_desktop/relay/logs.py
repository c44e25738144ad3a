"""The relay's log: one JSON object a line on standard error, with the id of its request."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Final

from hive_desktop.logs import redact
from hive_desktop.relay.http.context import REQUEST_ID

_FIELDS: Final = ("method", "route", "status", "ms", "address", "event", "user", "device")
_QUIET: Final = ("urllib3", "httpx", "httpcore", "alembic", "websockets", "uvicorn.access")


class JsonFormatter(logging.Formatter):
    """Writes a record as one line; what looks like a secret is masked."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, object] = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id := REQUEST_ID.get():
            line["request_id"] = request_id
        line |= {name: record.__dict__[name] for name in _FIELDS if name in record.__dict__}
        if record.exc_info:
            line["trace"] = self._frames(record)
        return redact(json.dumps(line, default=str, ensure_ascii=True))

    def _frames(self, record: logging.LogRecord) -> str:
        """Return where it happened and the kind of error; its text may hold a value."""
        kind, _error, trace = record.exc_info or (None, None, None)
        places: list[str] = []
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"{code.co_qualname}:{trace.tb_lineno}")
            trace = trace.tb_next
        return " > ".join([*places, kind.__name__ if kind else "?"])


def set_up(level: str) -> None:
    """Send all logs to standard error as JSON; a second call replaces the first."""
    root = logging.getLogger()
    for handler in [h for h in root.handlers if isinstance(h.formatter, JsonFormatter)]:
        root.removeHandler(handler)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root.addHandler(handler)
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
