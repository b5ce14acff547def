"""One model service, over the ``openai`` SDK: the form of answer that it takes, its pauses, its failures.

The SDK is imported when the first request is made, and here alone. It follows no redirect: text goes to the host that
was named, and to no other. Neither texts nor keys are logged, also where the SDK is told to log what it sends.
"""

from __future__ import annotations

import email.utils
import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from askcv_agents.errors import ConfigError, ExtractorError
from askcv_pipelines.extractors.llm.schema import ITEMS, Asked
from askcv_pipelines.extractors.llm.settings import LlmSettings
from askcv_pipelines.extractors.llm.spending import Meter, tokens_of
from askcv_pipelines.extractors.llm.store import Store

Form = Literal["json_schema", "json_object", "text"]
FORMS: tuple[Form, ...] = ("json_schema", "json_object", "text")
LOG = logging.getLogger("askcv_agents.llm")
TELLING = ("openai._base_client", "openai._legacy_response", "openai._response", "openai", "httpx2", "httpcore2")
"""Loggers that would write requests down at their lowest level."""
AGAIN = frozenset({408, 409, 425, 429})
MISSING_SDK = "Run: pip install 'askcv-agents[llm]'"


class Unanswered(Exception):
    """A request that gave nothing, for good; the message is for a person and holds no text of the document."""


class TooLong(Exception):
    """The service says that the request is too long for the model."""


@dataclass(frozen=True)
class Answer:
    """``finish`` is why the model stopped; ``refused`` that it would not answer."""

    text: str
    finish: str
    refused: bool


class Endpoint:
    """Asks one model at one address. Threads share it."""

    def __init__(
        self,
        settings: LlmSettings,
        store: Store,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
        self._store = store
        self._sleep = sleep
        self._clock = clock
        self._lock = threading.Lock()
        self._address = f"{settings.base_url} {settings.model}"
        form, without = store.endpoint(self._address) or (FORMS[0], frozenset[str]())
        self._form: Form = next((f for f in FORMS if f == form), FORMS[0])
        self._without = without
        self._not_before = 0.0
        self._reached = False
        self._client: Any = None

    def ask(self, system: str, user: str, meter: Meter, asked: Asked = ITEMS) -> Answer:
        """The model's answer, in the form that is asked for where the service can promise it.

        Raises:
            Unanswered: there is none after every attempt.
            TooLong: the model takes no text of this length.
            ExtractorError: no request at all can succeed: the key, the model or the address is wrong.
        """
        client = self._connected()  # says what to install where the SDK is not
        import openai  # noqa: PLC0415 - an extra: imported where it is used

        failed = 0
        while True:
            self._pause()
            form, without = self._form, self._without
            try:
                done = client.chat.completions.create(**self._request(system, user, form, without, asked))
            except openai.APIStatusError as error:
                meter_or_none = self._settled(error, form, without)
                if meter_or_none is None:
                    continue
                delay, why = meter_or_none
            except openai.APITimeoutError:
                meter.unanswered()
                delay, why = None, f"no answer within {self.settings.timeout:g} seconds"
            except openai.APIConnectionError:
                if not self._reached and failed + 1 >= self.settings.attempts:
                    raise ExtractorError(
                        f"{self.settings.host} cannot be reached", "Check OPENAI_BASE_URL, and that the service runs."
                    ) from None
                meter.unanswered()
                delay, why = None, "the connection failed"
            except (openai.OpenAIError, ValueError):
                meter.unanswered()
                delay, why = None, "the answer could not be read"
            else:
                return self._read(done, system, user, form, meter)
            failed += 1
            if failed >= self.settings.attempts:
                raise Unanswered(f"{why} ({failed} attempts)") from None
            self._hold(delay, failed, why)

    def _request(
        self, system: str, user: str, form: Form, without: frozenset[str], asked: Asked = ITEMS
    ) -> dict[str, Any]:
        given: dict[str, Any] = {"temperature": 0, "max_completion_tokens": self.settings.max_output}
        if form == "json_schema":
            schema = {"name": asked.name, "strict": True, "schema": asked.schema}
            given["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif form == "json_object":
            given["response_format"] = {"type": "json_object"}
        messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
        kept = {name: value for name, value in given.items() if name not in without}
        return {"model": self.settings.model, "messages": messages, **kept}

    def _read(self, done: Any, system: str, user: str, form: Form, meter: Meter) -> Answer:
        choice = done.choices[0] if getattr(done, "choices", None) else None
        message = getattr(choice, "message", None)
        text = getattr(message, "content", None) or ""
        usage: Any = getattr(done, "usage", None)
        counted = isinstance(getattr(usage, "prompt_tokens", None), int)
        tokens = (tokens_of(system + user), tokens_of(text))
        if counted:
            tokens = (usage.prompt_tokens, usage.completion_tokens)
        meter.answered(*tokens, guessed=not counted)
        self._reached = True
        if self._store.endpoint(self._address) != (form, self._without):
            self._store.learn(self._address, form, self._without)
        finish = str(getattr(choice, "finish_reason", "") or "")
        LOG.debug("%s answered: %s, %s + %s tokens", self.settings.host, finish, *tokens)
        refused = bool(getattr(message, "refusal", None)) or finish == "content_filter"
        return Answer(text if isinstance(text, str) else "", finish, refused)

    def _settled(self, error: Any, form: Form, without: frozenset[str]) -> tuple[float | None, str] | None:
        """What an error's status means: None to ask at once in another form, else the delay and the reason."""
        self._reached = True
        status = error.status_code
        said = _said(error.body)
        if status in {400, 404, 413, 422} and _is_length(error.code, said):
            raise TooLong from None
        if status in {400, 415, 422, 501} and self._simpler(form, without, said):
            return None
        if status == 429 and error.code == "insufficient_quota":
            raise self._hopeless(status, "The account's quota is used up.") from None
        if status in AGAIN or status >= 500:
            delay = _server_delay(error.response.headers, error.body)
            if delay is not None and delay > self.settings.max_wait:
                raise Unanswered(f"the service asks to wait {delay:.0f} seconds") from None
            return delay, f"it answered {status}"
        hints = {
            401: "Check OPENAI_API_KEY.",
            403: "The key may not use this model.",
            404: "Check --model and OPENAI_BASE_URL.",
        }
        raise self._hopeless(status, hints.get(status, "The service does not take such requests.")) from None

    def _simpler(self, form: Form, without: frozenset[str], said: str) -> bool:
        """Leaves out what the service does not take, or goes a form down; False where nothing is left to leave out."""
        with self._lock:
            if (form, without) != (self._form, self._without):
                return True  # another thread has learned it
            named = next(
                (name for name in ("temperature", "max_completion_tokens") if name in said and name not in without),
                None,
            )
            if named and "response_format" not in said:
                self._without = without | {named}
                return True
            if form != FORMS[-1]:
                self._form = FORMS[FORMS.index(form) + 1]
                return True
            return False

    def _hopeless(self, status: int, hint: str) -> ExtractorError:
        return ExtractorError(
            f"{self.settings.host} refuses the request for model {self.settings.model!r}: {status}", hint
        )

    def _pause(self) -> None:
        while (wait := self._not_before - self._clock()) > 0:
            self._sleep(wait)

    def _hold(self, delay: float | None, failed: int, why: str) -> None:
        """Waits as the server asks, and lets every other request wait as well; else longer with each failure."""
        LOG.debug("%s: %s, asking again", self.settings.host, why)
        if delay is None:
            self._sleep(min(8.0, 0.5 * 2**failed) * (0.5 + random.random() / 2))  # noqa: S311 - jitter
            return
        with self._lock:
            until = self._clock() + delay * (1 + random.random() / 20)  # noqa: S311
            self._not_before = max(self._not_before, until)

    def _connected(self) -> Any:
        with self._lock:
            if self._client is None:
                self._client = _client(self.settings)
            return self._client

    def close(self) -> None:
        with self._lock:
            if self._client is not None:
                self._client.close()
                self._client = None


def _client(settings: LlmSettings) -> Any:
    try:
        import httpx2  # noqa: PLC0415
        import openai  # noqa: PLC0415
    except ImportError as error:
        raise ConfigError(f"the model's client is not installed: {error}", MISSING_SDK) from error
    for name in TELLING:
        logger = logging.getLogger(name)
        if _quiet not in logger.filters:
            logger.addFilter(_quiet)
    limits = httpx2.Limits(max_connections=settings.in_flight, max_keepalive_connections=settings.in_flight)
    return openai.OpenAI(
        base_url=settings.base_url,
        api_key=settings.api_key.value if settings.api_key else "none",
        max_retries=0,
        timeout=settings.timeout,
        http_client=httpx2.Client(follow_redirects=False, trust_env=not settings.is_here, limits=limits),
    )


def _quiet(record: logging.LogRecord) -> bool:
    return record.levelno > logging.DEBUG


def _said(body: Any) -> str:
    inner = body.get("error", body) if isinstance(body, dict) else body
    parts = [inner.get("message"), inner.get("param"), inner.get("code")] if isinstance(inner, dict) else [inner]
    return " ".join(str(part) for part in parts if part).lower()[:2_000]


def _is_length(code: Any, said: str) -> bool:
    return code == "context_length_exceeded" or any(
        words in said
        for words in ("context length", "context size", "maximum context", "too many tokens", "prompt is too long")
    )


def _server_delay(headers: Mapping[str, str], body: Any) -> float | None:
    """Seconds that the server asks to wait, however it says so."""
    inner = body.get("error", body) if isinstance(body, dict) else {}
    in_body = inner.get("retryAfterMs", inner.get("retry_after_ms")) if isinstance(inner, dict) else None
    for value, per_second in ((headers.get("retry-after-ms"), 1000), (in_body, 1000), (headers.get("retry-after"), 1)):
        try:
            if value is not None:
                return max(0.0, float(value) / per_second)
        except (TypeError, ValueError):
            continue
    when = email.utils.parsedate_to_datetime(headers["retry-after"]) if _is_date(headers.get("retry-after")) else None
    return max(0.0, when.timestamp() - time.time()) if when else None


def _is_date(value: str | None) -> bool:
    return email.utils.parsedate_tz(value or "") is not None
