"""``askcv pull github`` against answers written by hand: what is kept, what is asked again, where the token goes."""

from __future__ import annotations

import json
import logging
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from click.testing import CliRunner, Result
from vcr import VCR
from vcr.cassette import Cassette

from askcv_agents.cli import cli
from askcv_agents.config import Token
from askcv_agents.errors import AskcvError, ConfigError, SourceError
from askcv_pipelines.events import Progress
from askcv_pipelines.pull import github
from askcv_pipelines.pull.folder import STATE, Folder
from askcv_pipelines.pull.github import Pulled, pull, token_from
from askcv_pipelines.pull.github_query import BASE_URL, Query
from askcv_pipelines.pull.refusals import seconds_to_wait
from askcv_pipelines.sources.discovery import Found, discover
from askcv_pipelines.sources.review import ReviewSource

CASSETTES = Path(__file__).parent.parent / "fixtures" / "pull"
CANARY = "ghp_canary" + "0123456789" * 3
MINE = Query(date(2026, 1, 1), author="@me")
EVERYTHING = ("who", "search-author", "pull-12", "pull-15", "pull-3")
UNCHANGED = ("who", "search-author", "unchanged-12", "unchanged-15", "unchanged-3")


def found_in(folder: Path) -> list[Found]:
    return list(discover([folder]).documents.values())


@dataclass
class Wire:
    """What went over it, and how long was waited in between. ``sent`` may show a request more than once."""

    cassette: Cassette
    sent: list[Any] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    @property
    def answered(self) -> list[Any]:
        """The requests of the tape that were asked, each once."""
        return [self.cassette.requests[index] for index in self.cassette.play_counts]

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def pull(self, folder: Path, query: Query = MINE, **given: Any) -> Pulled:
        opened = Folder.open(folder, query.base_url)
        return await pull(query, opened, Token(CANARY), sleep=self.sleep, **given)


@contextmanager
def playing(tmp_path: Path, *names: str, before: tuple[str, int, str] | None = None) -> Iterator[Wire]:
    """The answers of these cassettes, one after the other, and none besides. Each is given once.

    ``before`` is a path, a status and a body that is answered to the first request of that path.
    """
    parts = [yaml.safe_load((CASSETTES / f"{name}.yaml").read_text("utf-8"))["interactions"] for name in names]
    if before:
        path, status, body = before
        like = next(one for one in chain(*parts) if urlsplit(one["request"]["uri"]).path == path)
        kind = "application/json" if status == 200 else "text/html"
        headers = {"Content-Type": [kind]}
        answer = {"status": {"code": status, "message": ""}, "headers": headers, "body": {"string": body}}
        parts.insert(0, [{**like, "response": answer}])
    tape = tmp_path / "tape.yaml"
    tape.write_text(yaml.safe_dump({"version": 1, "interactions": list(chain(*parts))}), "utf-8")
    seen: list[Any] = []
    recorder = VCR(record_mode="none", before_record_request=lambda request: seen.append(request) or request)
    recorder.register_matcher("condition", lambda sent, told: _condition(sent) == _condition(told))
    match_on = ["method", "scheme", "host", "port", "path", "query", "condition"]
    with recorder.use_cassette(str(tape), match_on=match_on) as cassette:
        seen.clear()  # loading the tape shows its requests too
        yield Wire(cassette, seen)


def _condition(request: Any) -> str | None:
    value = request.headers.get("If-None-Match") or request.headers.get("if-none-match")
    return value[0] if isinstance(value, list) else value


def askcv(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["pull", "github", *arguments], env={"GITHUB_TOKEN": CANARY, "GH_TOKEN": ""})


def document(folder: Path, name: str) -> dict[str, Any]:
    return json.loads((folder / name).read_text("utf-8"))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_ones_own_pull_requests_are_found_over_two_pages_and_written_a_file_each(tmp_path: Path) -> None:
    with playing(tmp_path, *EVERYTHING) as wire:
        done = await wire.pull(tmp_path / "out")
    assert (done.login, done.found, done.fetched, done.unchanged) == ("maya-l", 3, 3, 0)
    assert wire.cassette.all_played
    assert [found.name for found in found_in(tmp_path / "out")] == [
        "harbor-tools__tidewatch__12.json", "harbor-tools__tidewatch__15.json", "maya-l__chart.notes__3.json",
    ]  # fmt: skip


async def test_a_file_is_read_with_the_right_speakers(tmp_path: Path) -> None:
    with playing(tmp_path, *EVERYTHING) as wire:
        await wire.pull(tmp_path / "out")
    raw = (tmp_path / "out" / "harbor-tools__tidewatch__12.json").read_bytes()
    assert ReviewSource().recognises(raw)
    read = ReviewSource().read(raw, "12.json")
    assert (read.title, read.date) == ("Read gauges in batches", "2026-01-14")
    said = {read.text[b.start : b.end].strip(): b.speaker for b in read.blocks if b.zone != "furniture"}
    assert said["I cut the nightly import from 40 to 6 minutes by reading gauges in batches."] == "maya-l"
    assert said["Please keep the order of readings inside a batch."] == "jonas-w"
    assert said["The benchmark you added made this easy to judge."] == "jonas-w"
    assert said["Your retry here saved us during the storm test."] == "priya-n"
    assert said["Measured: 500 readings are the best size."] == "maya-l"
    assert said["Is the batch size measured?"] is None  # its account is no more
    assert "Coverage went up by 2 percent." not in said  # a program wrote it
    assert "A draft nobody has seen." not in read.text


async def test_a_file_holds_what_is_needed_and_no_address(tmp_path: Path) -> None:
    with playing(tmp_path, *EVERYTHING) as wire:
        await wire.pull(tmp_path / "out")
    held = document(tmp_path / "out", "harbor-tools__tidewatch__12.json")
    assert set(held) == {
        "number", "title", "url", "author", "createdAt", "mergedAt", "state", "body", "reviews", "reviewComments",
        "comments",
    }  # fmt: skip
    assert (held["createdAt"], held["mergedAt"]) == ("2026-01-14T08:30:00Z", "2026-01-16T08:55:00Z")
    assert held["url"] == "https://github.com/harbor-tools/tidewatch/pull/12"
    assert "@tidewatch.example" not in json.dumps(held)
    assert held["body"].endswith("Co-authored-by: Priya N <[e-mail address]>")


async def test_what_somebody_reviewed_is_found_over_two_pages(tmp_path: Path) -> None:
    query = Query(date(2026, 1, 1), reviewer="jonas-w")
    with playing(tmp_path, "who", "search-reviewed", "pull-12", "pull-15") as wire:
        done = await wire.pull(tmp_path / "out", query)
    assert (done.found, done.fetched) == (2, 2)
    assert wire.cassette.all_played


async def test_what_both_searches_find_is_fetched_once(tmp_path: Path) -> None:
    query = Query(date(2026, 1, 1), author="@me", reviewer="jonas-w")
    with playing(tmp_path, *EVERYTHING, "search-reviewed") as wire:
        done = await wire.pull(tmp_path / "out", query)
    assert (done.found, done.fetched) == (3, 3)


async def test_a_second_run_costs_one_conditional_request_per_unchanged_pull_request(tmp_path: Path) -> None:
    with playing(tmp_path, *EVERYTHING) as wire:
        await wire.pull(tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    with playing(tmp_path, *UNCHANGED) as wire:
        done = await wire.pull(tmp_path / "out")
    assert (done.found, done.fetched, done.unchanged) == (3, 0, 3)
    assert wire.cassette.all_played
    fetches = [request for request in wire.answered if request.path.startswith("/repos/")]
    assert len(fetches) == 3
    assert all(_condition(request) for request in fetches)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


async def test_what_has_changed_is_fetched_again_and_the_rest_is_not(tmp_path: Path) -> None:
    with playing(tmp_path, *EVERYTHING) as wire:
        await wire.pull(tmp_path / "out")
    with playing(tmp_path, "who", "search-author", "unchanged-12", "changed-15", "unchanged-3") as wire:
        done = await wire.pull(tmp_path / "out")
    assert (done.fetched, done.unchanged) == (1, 2)
    held = document(tmp_path / "out", "harbor-tools__tidewatch__15.json")
    assert [comment["body"] for comment in held["comments"]] == ["It woke the right person."]
    assert document(tmp_path / "out", STATE)["tags"]["harbor-tools__tidewatch__15.json"] == 'W/"tide-15-b"'


async def test_a_file_that_was_removed_is_fetched_again(tmp_path: Path) -> None:
    with playing(tmp_path, *EVERYTHING) as wire:
        await wire.pull(tmp_path / "out")
    (tmp_path / "out" / "harbor-tools__tidewatch__15.json").unlink()
    with playing(tmp_path, "who", "search-author", "unchanged-12", "pull-15", "unchanged-3") as wire:
        done = await wire.pull(tmp_path / "out")
    assert (done.fetched, done.unchanged) == (1, 2)


async def test_a_secondary_limit_is_waited_for_as_long_as_it_asks(tmp_path: Path) -> None:
    with playing(tmp_path, "limit-secondary", *EVERYTHING) as wire:
        done = await wire.pull(tmp_path / "out")
    assert wire.waits == [7.0]
    assert done.fetched == 3
    assert wire.cassette.all_played


async def test_a_long_limit_stops_the_run_which_keeps_what_it_has_and_goes_on_later(tmp_path: Path) -> None:
    with playing(tmp_path, "who", "search-author", "pull-12", "limit-used-up") as wire:
        stopped = await wire.pull(tmp_path / "out")
    assert wire.waits == []
    assert stopped.resume_at is not None
    assert abs((stopped.resume_at - datetime(2100, 1, 1, tzinfo=UTC)).total_seconds()) < 5
    assert stopped.fetched == 1
    with playing(tmp_path, "who", "search-author", "unchanged-12", "pull-15", "pull-3") as wire:
        done = await wire.pull(tmp_path / "out")
    assert (done.fetched, done.unchanged, done.resume_at) == (2, 1, None)


async def test_a_run_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    class Killed(BaseException):
        pass

    def kill(progress: Progress) -> None:
        raise Killed

    with playing(tmp_path, *EVERYTHING) as wire, pytest.raises(Killed):
        await wire.pull(tmp_path / "out", say=kill)
    assert [found.name for found in found_in(tmp_path / "out")] == ["harbor-tools__tidewatch__12.json"]
    with playing(tmp_path, "who", "search-author", "unchanged-12", "pull-15", "pull-3") as wire:
        done = await wire.pull(tmp_path / "out")
    assert (done.fetched, done.unchanged) == (2, 1)


@pytest.mark.parametrize("moment", range(1, 7))
async def test_a_kill_at_any_moment_of_writing_leaves_whole_files_and_a_run_that_completes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    """Two files are moved to their place for each pull request: the kill comes before one of these moves."""

    class Killed(BaseException):
        pass

    moves, move = iter(range(1, 100)), Path.replace

    def killing(self: Path, target: Path) -> Path:
        if next(moves) == moment:
            raise Killed
        return move(self, target)

    with playing(tmp_path, *EVERYTHING) as wire, monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killing)
        with pytest.raises(Killed):
            await wire.pull(tmp_path / "out")
    for found in found_in(tmp_path / "out"):
        assert json.loads(found.reference.read_text("utf-8"))["title"]
    # Every pull request may be asked for either way, by its tag or anew: what is not needed stays unplayed.
    with playing(tmp_path, *EVERYTHING, *UNCHANGED[2:]) as wire:
        done = await wire.pull(tmp_path / "out")
    assert done.fetched + done.unchanged == 3
    assert len(found_in(tmp_path / "out")) == 3


async def test_damaged_state_costs_fetching_again_and_no_more(tmp_path: Path) -> None:
    with playing(tmp_path, *EVERYTHING) as wire:
        await wire.pull(tmp_path / "out")
    (tmp_path / "out" / STATE).write_text('{"tags": {"harbor', "utf-8")
    with playing(tmp_path, *EVERYTHING) as wire:
        assert (await wire.pull(tmp_path / "out")).fetched == 3


async def test_what_is_gone_is_noted_and_does_not_stop_the_rest(tmp_path: Path) -> None:
    with playing(tmp_path, "who", "search-author", "pull-12", "gone-15", "pull-3") as wire:
        done = await wire.pull(tmp_path / "out")
    assert done.fetched == 2
    (failure,) = done.failures
    assert failure.document == "harbor-tools/tidewatch#15"
    assert "not found" in failure.message


async def test_what_has_moved_is_noted_and_the_token_does_not_follow(tmp_path: Path) -> None:
    moved = ("/repos/harbor-tools/tidewatch/issues/15", 301, "{}")
    with playing(tmp_path, *EVERYTHING, before=moved) as wire:
        done = await wire.pull(tmp_path / "out")
    assert done.fetched == 2
    assert "has moved" in done.failures[0].message


async def test_a_fault_of_the_service_is_waited_out(tmp_path: Path) -> None:
    with playing(tmp_path, *EVERYTHING, before=("/search/issues", 502, "<html>Bad gateway")) as wire:
        assert (await wire.pull(tmp_path / "out")).fetched == 3
    assert wire.waits == [2.0]


@pytest.mark.parametrize("path", ["/user", "/search/issues", "/repos/harbor-tools/tidewatch/issues/12"])
@pytest.mark.parametrize(
    "body", ["", "null", "[]", "[1]", '"text"', "7", "{", "{}", '{"items": [1], "total_count": 1}']
)
async def test_an_answer_of_another_form_is_said_and_is_no_traceback(tmp_path: Path, path: str, body: str) -> None:
    with playing(tmp_path, *EVERYTHING, before=(path, 200, body)) as wire, pytest.raises(SourceError, match="answer"):
        await wire.pull(tmp_path / "out")


async def test_a_login_that_is_not_known_is_said(tmp_path: Path) -> None:
    with playing(tmp_path, "who", "unknown-login") as wire, pytest.raises(SourceError, match="does not know") as raised:
        await wire.pull(tmp_path / "out")
    assert "--author" in raised.value.hint


async def test_a_bad_token_is_said_before_anything_else_is_asked(tmp_path: Path) -> None:
    with playing(tmp_path, "bad-token") as wire, pytest.raises(ConfigError, match="does not accept") as raised:
        await wire.pull(tmp_path / "out")
    assert "GITHUB_TOKEN" in raised.value.hint
    assert {request.path for request in wire.sent} == {"/user"}


async def test_no_network_is_said(tmp_path: Path) -> None:
    nowhere = Query(date(2026, 1, 1), author="@me", base_url="http://127.0.0.1:1")
    with pytest.raises(SourceError, match=r"no answer from http://127\.0\.0\.1:1") as raised:
        await pull(nowhere, Folder.open(tmp_path / "out", nowhere.base_url), Token(CANARY))
    assert raised.value.retryable


async def test_the_token_is_sent_to_the_base_address_and_nowhere_else(tmp_path: Path) -> None:
    with playing(tmp_path, "led-astray", *EVERYTHING) as wire, pytest.raises(SourceError, match="leads away"):
        await wire.pull(tmp_path / "out")
    assert {request.host for request in wire.sent} == {"api.github.com"}
    assert all(request.headers["authorization"] == f"token {CANARY}" for request in wire.sent)
    assert all(request.headers["user-agent"].startswith("askcv-agents/") for request in wire.sent)


async def test_a_search_that_github_cuts_off_is_asked_again_from_where_it_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    class Service:
        async def search(self, query: str, page: int) -> dict[str, Any]:
            asked.append(query)
            days = [1, 2] if "created" not in query else [2, 3]
            items = [
                {"number": day, "created_at": f"2026-01-0{day}T00:00:00Z", "repository_url": f"{BASE_URL}/repos/a/b"}
                for day in days
            ]
            return {"total_count": 3 if "created" not in query else 2, "items": items}

    monkeypatch.setattr(github, "PAGES", 1)
    found = await github._find(Service(), ["is:pr"], Pulled())
    assert [reference.number for reference in found] == [1, 2, 3]
    assert asked == ["is:pr", "is:pr created:>=2026-01-02T00:00:00Z"]


def test_searches_name_the_person_the_day_and_one_repository_each() -> None:
    query = Query(date(2026, 1, 1), author="@me", reviewer="jonas-w", repositories=("a/b", "a/c"))
    assert query.searches("maya-l") == [
        "is:pr author:maya-l repo:a/b updated:>=2026-01-01",
        "is:pr author:maya-l repo:a/c updated:>=2026-01-01",
        "is:pr reviewed-by:jonas-w repo:a/b updated:>=2026-01-01",
        "is:pr reviewed-by:jonas-w repo:a/c updated:>=2026-01-01",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"author": "maya lindqvist"}, {"author": "x repo:a/b"}, {"reviewer": "-"}, {},
        {"author": "@me", "repositories": ("tidewatch",)}, {"author": "@me", "repositories": ("a/b c",)},
        {"author": "@me", "base_url": "http://github.example"}, {"author": "@me", "base_url": "api.github.com"},
        {"author": "@me", "base_url": "https://u:p@github.example"}, {"author": "@me", "base_url": "https://h:x"},
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_asked_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        Query(date(2026, 1, 1), **wrong)


@pytest.mark.parametrize(
    ("status", "headers", "message", "seconds"),
    [
        (403, {"retry-after": "7"}, "", 7.0),
        (429, {"retry-after": "soon"}, "", 60.0),
        (429, {}, "", 60.0),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1030"}, "", 31.0),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "900"}, "", 1.0),
        (403, {}, "You have exceeded a secondary rate limit.", 60.0),
        (403, {"x-ratelimit-remaining": "12", "x-ratelimit-reset": "1030"}, "Resource not accessible", None),
        (404, {"retry-after": "7"}, "", None),
    ],
)
def test_a_refusal_says_how_long_to_wait(
    status: int, headers: dict[str, str], message: str, seconds: float | None
) -> None:
    assert seconds_to_wait(status, headers, message, now=1000.0) == seconds


def test_the_token_comes_from_the_environment() -> None:
    assert token_from({"GITHUB_TOKEN": " abc \n", "GH_TOKEN": "def"}).value == "abc"
    assert token_from({"GITHUB_TOKEN": "", "GH_TOKEN": "def"}).value == "def"
    with pytest.raises(ConfigError, match="no GitHub token") as raised:
        token_from({})
    assert "GITHUB_TOKEN" in raised.value.hint
    with pytest.raises(ConfigError) as raised:
        token_from({"GITHUB_TOKEN": "a b"})
    assert "a b" not in raised.value.message + raised.value.hint


def test_a_missing_library_is_said_with_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "askcv_pipelines.pull.github_client", raising=False)
    monkeypatch.setitem(sys.modules, "gidgethub", None)
    done = askcv("--since", "2026-01-01", "--out", str(tmp_path / "out"))
    assert isinstance(done.exception, ConfigError)
    assert done.exception.hint == "Run: pip install 'askcv-agents[documents]'"


def test_one_folder_holds_one_service(tmp_path: Path) -> None:
    Folder.open(tmp_path, BASE_URL).keep("a.json", {}, "tag")
    with pytest.raises(ConfigError, match="holds what was pulled from https://api"):
        Folder.open(tmp_path, "https://github.example/api/v3")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="cannot be used"):
        Folder.open(tmp_path / "file" / "out", BASE_URL)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_files_are_their_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        Folder.open(tmp_path / "out", BASE_URL).keep("a.json", {"title": "x"}, "tag")
    finally:
        os.umask(before)
    assert mode(tmp_path / "out") == 0o700
    assert {path.name: mode(path) for path in (tmp_path / "out").iterdir()} == {"a.json": 0o600, STATE: 0o600}


def test_the_command_shows_counts_and_what_comes_next(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with playing(tmp_path, *EVERYTHING):
        done = askcv("--since", "2026-01-01", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert f"fetched 3 · unchanged 0 · not read 0 · in {out}" in done.output
    assert f"askcv extract {out} --kind code_review --subject maya-l" in done.output


def test_the_command_says_when_to_run_it_again(tmp_path: Path) -> None:
    with playing(tmp_path, "who", "search-author", "pull-12", "limit-used-up"):
        done = askcv("--since", "2026-01-01", "--out", str(tmp_path / "out"))
    assert done.exit_code == 4
    assert re.search(r"What was fetched is kept: run the same command again after (2100-01-01|2099-12-31)", done.output)


def test_the_command_prints_json_and_what_it_could_not_read(tmp_path: Path) -> None:
    with playing(tmp_path, "who", "search-author", "pull-12", "gone-15", "pull-3"):
        done = askcv("--author", "@me", "--since", "2026-01-01", "--out", str(tmp_path / "out"), "--json")
    assert done.exit_code == 3
    told = json.loads(done.stdout)
    assert (told["login"], told["found"], told["fetched"], told["resumeAt"]) == ("maya-l", 3, 2, None)
    assert told["failures"][0]["document"] == "harbor-tools/tidewatch#15"


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01", "2999-01-01"])
def test_a_date_that_is_none_is_a_wrong_command_line(since: str) -> None:
    done = askcv("--since", since)
    assert done.exit_code == 2
    assert "--since" in done.output


def test_the_token_is_in_no_cassette_file_state_log_message_or_output(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("askcv_agents", "gidgethub", "httpx2", "httpcore2", "vcr", "asyncio"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    told: list[str] = []
    for names in (EVERYTHING, UNCHANGED, ("bad-token",), ("who", "unknown-login")):
        with playing(tmp_path, *names):
            done = askcv("--since", "2026-01-01", "--out", str(tmp_path / "out"))
        error = done.exception
        told += [done.output, repr(error), *(vars(error).values() if isinstance(error, AskcvError) else ())]
    assert isinstance(error, SourceError)
    assert CANARY not in "\n".join(map(str, told))
    assert "GET /user: 200" in caplog.text  # something was logged
    assert CANARY not in caplog.text
    for path in [*CASSETTES.iterdir(), *(path for path in tmp_path.rglob("*") if path.is_file())]:
        assert CANARY.encode() not in path.read_bytes(), path
    for cassette in CASSETTES.iterdir():
        assert not re.search(r"(?i)authorization|gh[pousr]_\w|github_pat_", cassette.read_text("utf-8"))
