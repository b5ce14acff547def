"""The client's conduct: retries, limits, unknown outcomes, origins, secrets; blocking and awaiting alike."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from askcv_agents import AsyncClient, Client, Settings, Token, errors

TOKEN = "askcv_agt_very-secret-value"
ITEM = {"domain": "skills", "payload": {"name": "Python"}}
Step = httpx2.Response | Exception


class Script:
    """A service that answers by a list of steps, and how long the client waited between them."""

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps)
        self.waits: list[float] = []
        self.requests: list[httpx2.Request] = []

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        step = self.steps.pop(0)
        if isinstance(step, Exception):
            raise step
        return httpx2.Response(step.status_code, headers=step.headers, content=step.content)


def ok(body: Any = None) -> httpx2.Response:
    return httpx2.Response(200, json={"tenantId": "t"} if body is None else body)


def accepted(batch_id: str = "b") -> httpx2.Response:
    return httpx2.Response(202, json={"batchId": batch_id, "items": [{"index": 0, "itemId": "i"}]})


def limited(ms: float | None = None, **headers: str) -> httpx2.Response:
    body = {"error": "rate_limited", "message": "slow down"} | ({} if ms is None else {"retryAfterMs": ms})
    return httpx2.Response(429, json=body, headers=headers)


def settings(**given: Any) -> Settings:
    return Settings(**{"token": Token(TOKEN), "base_url": "http://127.0.0.1:1"} | given)


def blocking(script: Script, call: Callable[[Client], Any], **given: Any) -> Any:
    with Client(settings(**given), transport=httpx2.MockTransport(script.answer), sleep=script.waits.append) as client:
        return call(client)


def awaiting(script: Script, call: Callable[[Any], Any], **given: Any) -> Any:
    async def run() -> Any:
        async def sleep(seconds: float) -> None:
            script.waits.append(seconds)

        transport = httpx2.MockTransport(script.answer)
        async with AsyncClient(settings(**given), transport=transport, sleep=sleep) as client:
            result = call(client)
            return [part async for part in result] if hasattr(result, "__aiter__") else await result

    return asyncio.run(run())


both = pytest.mark.parametrize("drive", [blocking, awaiting])


def profile(client: Any) -> Any:
    return client.profile()


def one_import(client: Any) -> Any:
    found = client.import_items([ITEM])
    return list(found) if isinstance(client, Client) else found


@both
def test_a_safe_call_is_tried_again_after_connection_errors_and_5xx(drive: Any) -> None:
    script = Script(httpx2.ConnectError("refused"), httpx2.Response(503, json={}), ok())
    assert drive(script, profile).tenant_id == "t"
    assert len(script.waits) == 2
    assert all(wait > 0 for wait in script.waits)


@both
def test_a_safe_call_is_tried_again_after_a_read_timeout(drive: Any) -> None:
    assert drive(Script(httpx2.ReadTimeout("slow"), ok()), profile).tenant_id == "t"


@both
def test_after_three_attempts_the_error_says_what_was_wrong(drive: Any) -> None:
    with pytest.raises(errors.ConnectionFailed, match="ConnectError") as caught:
        drive(Script(*[httpx2.ConnectError("refused")] * 3), profile)
    assert caught.value.retryable
    with pytest.raises(errors.ServerError):
        drive(Script(*[httpx2.Response(500, json={})] * 3), profile)


@both
@pytest.mark.parametrize(
    "lost",
    [
        httpx2.ReadTimeout("slow"),
        httpx2.ReadError("reset"),
        httpx2.WriteError("reset"),
        httpx2.RemoteProtocolError("half an answer"),
        httpx2.Response(500, json={"error": "server_error"}),
        httpx2.Response(502, text="<html>"),
        httpx2.Response(202, text="not json"),
        httpx2.Response(200, json={}),
    ],
)
def test_an_import_that_left_without_a_readable_answer_is_unknown_and_never_sent_again(drive: Any, lost: Step) -> None:
    script = Script(lost)
    with pytest.raises(errors.OutcomeUnknown) as caught:
        drive(script, one_import)
    assert len(script.requests) == 1
    assert not caught.value.retryable


@both
def test_an_import_that_never_left_is_sent_again(drive: Any) -> None:
    (receipt,) = drive(Script(httpx2.ConnectError("refused"), accepted()), one_import)
    assert receipt.batch_id == "b"


@both
def test_a_short_rate_limit_is_waited_for_and_never_cut_short(drive: Any) -> None:
    script = Script(limited(2_000), accepted())
    drive(script, one_import)
    assert 2.0 < script.waits[0] < 3.5
    assert script.requests[0].headers["idempotency-key"] == script.requests[1].headers["idempotency-key"]


@both
def test_a_long_rate_limit_is_raised_with_its_delay(drive: Any) -> None:
    script = Script(limited(1_800_000))
    with pytest.raises(errors.RateLimited) as caught:
        drive(script, one_import)
    assert caught.value.retry_after == 1800.0
    assert script.waits == []


@both
def test_short_waits_add_up_to_max_wait_and_no_further(drive: Any) -> None:
    script = Script(*[limited(20_000)] * 4)
    with pytest.raises(errors.RateLimited):
        drive(script, profile)
    assert sum(script.waits) <= 60 + 3 * 2
    assert len(script.requests) == 3


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (limited(None, **{"Retry-After": "90"}), 90.0),
        (
            limited(None, **{"Retry-After": "Wed, 25 Nov 2026 10:01:30 GMT", "Date": "Wed, 25 Nov 2026 10:00:00 GMT"}),
            90.0,
        ),
        (limited(None), None),
        (limited(-5), None),
        (httpx2.Response(429, json={"retryAfterMs": "soon"}), None),
        (httpx2.Response(429, text="<html>too many</html>"), None),
    ],
)
def test_the_delay_is_the_bodys_else_the_headers_else_unknown(answer: httpx2.Response, seconds: float | None) -> None:
    with pytest.raises(errors.RateLimited) as caught:
        blocking(Script(answer), profile)
    assert caught.value.retry_after == seconds


@both
def test_more_than_a_hundred_items_go_as_several_batches_with_a_receipt_each(drive: Any) -> None:
    script = Script(accepted("b1"), accepted("b2"), accepted("b3"))

    def many(client: Any) -> Any:
        found = client.import_items([ITEM] * 201)
        return list(found) if isinstance(client, Client) else found

    receipts = drive(script, many)
    assert [receipt.batch_id for receipt in receipts] == ["b1", "b2", "b3"]
    assert [receipt.staged[0].index for receipt in receipts] == [0, 100, 200]
    assert len({request.headers["idempotency-key"] for request in script.requests}) == 3


@both
def test_an_error_carries_the_receipts_that_came_before_it(drive: Any) -> None:
    def many(client: Any) -> Any:
        found = client.import_items([ITEM] * 150)
        return list(found) if isinstance(client, Client) else found

    with pytest.raises(errors.OutcomeUnknown) as caught:
        drive(Script(accepted("b1"), httpx2.ReadTimeout("slow")), many)
    assert [receipt.batch_id for receipt in caught.value.receipts] == ["b1"]


@both
def test_an_invalid_item_is_named_and_nothing_is_sent(drive: Any) -> None:
    script = Script()

    def bad(client: Any) -> Any:
        items = [ITEM, {"domain": "awards", "payload": {"title": "x", "awardedOn": "soon"}}, {"domain": "x"}]
        found = client.import_items(items)
        return list(found) if isinstance(client, Client) else found

    with pytest.raises(errors.ValidationFailed, match=r"item 1 \(awards\), awardedOn") as caught:
        drive(script, bad)
    assert [item.index for item in caught.value.items] == [1, 2]
    assert script.requests == []


@both
def test_a_redirect_is_not_followed_so_the_token_stays_with_its_origin(drive: Any) -> None:
    script = Script(httpx2.Response(302, headers={"Location": "http://127.0.0.1:2/"}))
    with pytest.raises(errors.UnreadableAnswer, match="redirect"):
        drive(script, profile)
    assert len(script.requests) == 1


def test_neither_repr_nor_logs_nor_errors_show_the_token(caplog: pytest.LogCaptureFixture) -> None:
    script = Script(httpx2.Response(401, json={"error": "unauthorized", "message": "no"}))
    with caplog.at_level(logging.DEBUG), Client(settings(), transport=httpx2.MockTransport(script.answer)) as client:
        shown = repr(client) + repr(client.settings) + str(client.settings.token)
        with pytest.raises(errors.Unauthorized) as caught:
            client.profile()
    assert "askcv_agt_…" in shown
    assert "very-secret" not in shown + caplog.text + str(caught.value) + caught.value.hint


def test_a_client_without_a_token_says_where_tokens_come_from() -> None:
    with pytest.raises(errors.ConfigError) as caught:
        Client(Settings())
    assert "ASKCV_TOKEN" in caught.value.hint


def test_a_batch_id_cannot_leave_its_place_in_the_address() -> None:
    script = Script(httpx2.Response(404, json={"error": "not_found", "message": "no"}))
    with pytest.raises(errors.NotFound):
        blocking(script, lambda client: client.import_status("../profile?x=1"))
    assert script.requests[0].url.raw_path == b"/api/agent/import/..%2Fprofile%3Fx%3D1"


def test_the_first_batch_is_sent_only_when_its_receipt_is_asked_for() -> None:
    script = Script(accepted())
    with Client(settings(), transport=httpx2.MockTransport(script.answer)) as client:
        receipts = client.import_items([ITEM])
        assert script.requests == []
        assert next(receipts).batch_id == "b"
