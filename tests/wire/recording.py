"""Cassettes: answers of the service as they were recorded, and what is taken out of them before they are written.

Nothing is written that is not scrubbed: the persister is the only way to a file.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from vcr import VCR
from vcr.persisters.filesystem import FilesystemPersister

CASSETTES = Path(__file__).parent.parent / "cassettes"
ADDRESS = "https://askcv.example"
"""Where every cassette was recorded, as far as it tells."""
SENT = {"accept", "content-type", "idempotency-key"}
ANSWERED = {"content-type", "retry-after", "x-request-id"}
"""Headers that stay; all others go."""
TOKEN = re.compile(r"askcv_[a-z]+_[\w.~+/=-]+|Bearer\s+[\w.~+/=-]+")
PERSONAL = {"tenantId", "name", "headline", "email"}
"""Fields of a profile that say whose it is."""


class ScrubbingPersister(FilesystemPersister):
    """Writes a cassette without tokens, addresses and anything of a person's record."""

    @staticmethod
    def save_cassette(cassette_path: str, cassette_dict: dict[str, Any], serializer: Any) -> None:
        requests = [_request(request) for request in cassette_dict["requests"]]
        responses = [
            _response(response, urlsplit(request.uri).path)
            for request, response in zip(requests, cassette_dict["responses"], strict=True)
        ]
        FilesystemPersister.save_cassette(cassette_path, {"requests": requests, "responses": responses}, serializer)


def recorder(mode: str) -> VCR:
    """``none`` replays and knows no network; ``all`` records."""
    made = VCR(record_mode=mode, decode_compressed_response=True, match_on=["method", "path", "query"])
    made.register_persister(ScrubbingPersister)
    return made


def _request(request: Any) -> Any:
    parts = urlsplit(request.uri)
    request.uri = urlunsplit((*urlsplit(ADDRESS)[:2], parts.path, parts.query, ""))
    request.headers = {name: value for name, value in request.headers.items() if name.lower() in SENT}
    if request.body:
        request.body = TOKEN.sub("[token]", request.body.decode()).encode()
    return request


def _response(response: dict[str, Any], path: str) -> dict[str, Any]:
    headers = {name: value for name, value in response["headers"].items() if name.lower() in ANSWERED}
    body = response["body"]["string"]
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
    with suppress(ValueError):  # an answer that is no JSON stays as it is, but for tokens
        text = json.dumps(_anonymous(json.loads(text), path), ensure_ascii=False)
    return {"status": response["status"], "headers": headers, "body": {"string": TOKEN.sub("[token]", text)}}


def _anonymous(answer: Any, path: str) -> Any:
    """An answer without what is a person's: whose profile it is, and the words of their record."""
    if not isinstance(answer, dict):
        return answer
    if path.endswith("/profile"):
        return {name: f"[{name}]" if name in PERSONAL and value else value for name, value in answer.items()}
    if "/export/" in path:
        items = [item | {"payload": _wordless(item.get("payload"))} for item in answer.get("items", [])]
        return answer | {"items": items}
    return answer


def _wordless(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _wordless(held) for name, held in value.items()}
    if isinstance(value, list):
        return [_wordless(held) for held in value]
    return "[text]" if isinstance(value, str) else value
