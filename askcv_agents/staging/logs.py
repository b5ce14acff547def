"""The log as lines of JSON: time, level, message, and the fields of a request. Never content, never a secret."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

FIELDS = ("request_id", "method", "route", "status", "ms", "job", "kind", "attempt")


class JsonLines(logging.Formatter):
    """One JSON object a record. An exception is given by its type and place: its text may hold somebody's words."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        fields = {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if not fields:
            fields = {"message": record.getMessage()}
        if record.exc_info and record.exc_info[0] is not None:
            fields["exception"] = record.exc_info[0].__name__
            trace = record.exc_info[2]
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            if trace is not None:
                fields["at"] = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"
        return json.dumps({**line, **fields}, ensure_ascii=False)
