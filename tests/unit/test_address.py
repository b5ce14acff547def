"""Documents at https addresses: what is fetched, and everything that is not."""

from __future__ import annotations

from collections.abc import Callable

import httpx2
import pytest

from askcv_agents.errors import SourceError
from askcv_pipelines.pull import address
from askcv_pipelines.pull.address import Fetcher

HOSTS = {
    "example.org": ["93.184.215.14"],
    "inside.example": ["10.0.0.7"],
    "both.example": ["93.184.215.14", "192.168.1.1"],
    "metadata.example": ["169.254.169.254"],
    "here.example": ["127.0.0.1"],
    "here6.example": ["::1"],
    "mapped.example": ["::ffff:10.0.0.1"],
    "six.example": ["2606:4700::1111"],
}


def fetcher(answer: Callable[[httpx2.Request], httpx2.Response], clock: Callable[[], float] = lambda: 0.0) -> Fetcher:
    def resolve(host: str, _: int) -> list[str]:
        if host not in HOSTS:
            raise OSError("unknown")
        return HOSTS[host]

    return Fetcher(resolve, httpx2.MockTransport(answer), clock)


def page(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, html="<p>I led the audit.</p>")


def test_a_page_is_fetched_from_the_checked_address_under_its_own_name() -> None:
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return page(request)

    found = fetcher(answer).fetch("https://example.org/reviews/june?key=secret#top")
    assert found.raw == b"<p>I led the audit.</p>"
    assert found.name == "example.org/june.html"
    assert seen[0].url.host == "93.184.215.14"
    assert seen[0].headers["host"] == "example.org"
    assert seen[0].extensions["sni_hostname"] == "example.org"
    assert "authorization" not in seen[0].headers


def test_an_address_of_the_newer_kind_is_reached() -> None:
    assert fetcher(page).fetch("https://six.example/").name == "six.example.html"


@pytest.mark.parametrize(
    "host", ["inside.example", "both.example", "metadata.example", "here.example", "here6.example", "mapped.example"]
)
def test_a_host_inside_a_private_network_is_refused_before_anything_is_sent(host: str) -> None:
    def answer(_: httpx2.Request) -> httpx2.Response:
        raise AssertionError("nothing may be sent")

    with pytest.raises(SourceError, match="private network"):
        fetcher(answer).fetch(f"https://{host}/")


def test_a_redirect_into_a_private_network_is_refused() -> None:
    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(302, headers={"Location": "https://inside.example/"})

    with pytest.raises(SourceError, match="private network"):
        fetcher(answer).fetch("https://example.org/")


def test_redirects_are_followed_a_few_times_and_relative_ones_stay_on_the_host() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        step = int(request.url.path.strip("/") or 0)
        if step == 5:
            return page(request)
        return httpx2.Response(301, headers={"Location": f"/{step + 1}"})

    assert fetcher(answer).fetch("https://example.org/").raw
    with pytest.raises(SourceError, match="more than 5 redirects"):
        fetcher(lambda _: httpx2.Response(302, headers={"Location": "/"})).fetch("https://example.org/")


@pytest.mark.parametrize(
    "url",
    ["http://example.org/", "ftp://example.org/", "https://user:pw@example.org/", "https:///x", "file:///etc/passwd"],
)
def test_other_addresses_are_refused_without_showing_credentials(url: str) -> None:
    with pytest.raises(SourceError, match="only https") as caught:
        fetcher(page).fetch(url)
    assert "pw" not in caught.value.message


def test_a_page_that_is_too_large_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "MAX_BYTES", 1000)
    with pytest.raises(SourceError, match="over"):
        fetcher(lambda _: httpx2.Response(200, content=b"x" * 1001)).fetch("https://example.org/")


def test_a_page_that_takes_too_long_is_given_up() -> None:
    times = iter([0.0, 0.0, 31.0, 32.0])
    with pytest.raises(SourceError, match="took longer"):
        fetcher(page, clock=lambda: next(times)).fetch("https://example.org/")


@pytest.mark.parametrize("status", [404, 500, 401])
def test_what_the_server_refuses_is_said_without_the_query(status: int) -> None:
    with pytest.raises(SourceError, match=str(status)) as caught:
        fetcher(lambda _: httpx2.Response(status)).fetch("https://example.org/a?token=secret")
    assert "secret" not in caught.value.message


def test_a_host_that_does_not_exist_is_said() -> None:
    with pytest.raises(SourceError, match="no such host"):
        fetcher(page).fetch("https://nowhere.example/")
