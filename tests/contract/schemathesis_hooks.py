"""Read by schemathesis: an idempotency key belongs to one body, so no two requests share one by accident."""

from __future__ import annotations

import re
import uuid
from typing import Any

import schemathesis

KEY = re.compile(r"[!-~]{1,200}")


@schemathesis.hook
def before_call(_: Any, case: Any, __: Any) -> None:
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    for name, value in (case.headers or {}).items():
        if name.lower() == "idempotency-key" and isinstance(value, str) and KEY.fullmatch(value):
            case.headers[name] = uuid.uuid4().hex
