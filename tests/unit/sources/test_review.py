from __future__ import annotations

from typing import Any

import pytest

from askcv_agents.errors import SourceError
from askcv_pipelines.sources.review import ReviewSource
from askcv_pipelines.values import RawDocument
from tests.unit.sources.documents import as_json, kept


def read(value: Any) -> RawDocument:
    return ReviewSource().read(as_json(value), "review.json")


def said_by(value: Any) -> list[tuple[Any, ...]]:
    """Zone, speaker and text of what is said, without the lines that name the speakers."""
    return [row for row in kept(read(value), "zone", "speaker") if row[:2] != ("furniture", None)]


BODY = """Two things:\r
\r
> the cache is cleared too early\r
\r
- `flush` runs **before** the commit.\r
\r
```suggestion\r
commit()\r
flush()\r
```\r
Please swap them."""

REMARKS = [
    ("body", "tomas-b", "Two things:"),
    ("quote", None, "the cache is cleared too early"),
    ("body", "tomas-b", "`flush` runs **before** the commit."),
    ("code", "tomas-b", "```suggestion commit() flush() ```"),
    ("body", "tomas-b", "Please swap them."),
]
BOT = ("furniture", "codecov[bot]", "Coverage went up by 0.2 %.")


def test_github_gh_pr_view() -> None:
    value = {
        "number": 12,
        "title": "Clear the cache after the commit",
        "author": {"login": "maya-l", "is_bot": False},
        "body": "This fixes the stale list.\n\n<!-- describe your change -->\n",
        "createdAt": "2024-05-02T08:00:00Z",
        "comments": [{"author": {"login": "codecov[bot]"}, "body": "Coverage went up by 0.2 %.", "createdAt": "…"}],
        "reviews": [{"author": {"login": "tomas-b"}, "body": BODY, "state": "COMMENTED"}],
    }
    assert said_by(value) == [
        ("body", "maya-l", "Clear the cache after the commit"),
        ("body", "maya-l", "This fixes the stale list."),
        *REMARKS,
        BOT,
    ]
    assert (read(value).title, read(value).date) == ("Clear the cache after the commit", "2024-05-02")


def test_github_rest_lists_beside_the_pull_request() -> None:
    value = {
        "pull_request": {
            "number": 12, "title": "Clear the cache", "body": None, "user": {"login": "maya-l", "type": "User"},
            "created_at": "2024-05-02T08:00:00Z", "comments": 1, "review_comments": 1,
        },
        "reviews": [{"id": 1, "user": {"login": "tomas-b"}, "body": "", "state": "APPROVED"}],
        "comments": [{"user": {"login": "tomas-b"}, "body": BODY, "path": "cache.py", "diff_hunk": "@@ -1 +1 @@"}],
        "issue_comments": [{"user": {"login": "codecov[bot]", "type": "Bot"}, "body": "Coverage went up by 0.2 %."}],
    }  # fmt: skip
    assert said_by(value) == [("body", "maya-l", "Clear the cache"), *REMARKS, BOT]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda comment: [comment],
        lambda comment: [[comment]],
        lambda comment: {"reviews": [{"author": comment["user"], "body": "", "comments": [{"body": comment["body"]}]}]},
        lambda comment: {"data": {"repository": {"pullRequest": {"reviewThreads": {"nodes": [
            {"isResolved": True, "comments": {"nodes": [{"author": comment["user"], "body": comment["body"]}]}}
        ]}}}}},
    ],
    ids=["array", "pages", "comments inside a review", "graphql threads"],
)  # fmt: skip
def test_github_comments_alone(wrap: Any) -> None:
    assert said_by(wrap({"user": {"login": "tomas-b"}, "body": BODY})) == REMARKS


def test_gitlab_discussions() -> None:
    value = {
        "merge_request": {
            "iid": 3, "title": "Clear the cache", "description": "Fixes it.", "author": {"username": "maya-l"},
            "created_at": "2024-05-02T08:00:00.000Z",
        },
        "discussions": [
            {"id": "a", "individual_note": False, "notes": [
                {"body": BODY, "author": {"username": "tomas-b", "name": "Tomas"}, "system": False, "resolvable": True},
                {"body": "Done.", "author": {"username": "maya-l"}, "system": False},
            ]},
            {"id": "b", "individual_note": True, "notes": [
                {"body": "changed the description", "author": {"username": "maya-l"}, "system": True},
            ]},
        ],
    }  # fmt: skip
    expected = [
        *REMARKS,
        ("body", "maya-l", "Done."),
        ("furniture", "maya-l", "changed the description"),
    ]
    assert said_by(value) == [("body", "maya-l", "Clear the cache"), ("body", "maya-l", "Fixes it."), *expected]
    assert said_by(value["discussions"]) == expected
    assert read(value).date == "2024-05-02"


COMMENTS = {
    "src/cache.py": [
        {"author": {"name": "tomas-b", "_account_id": 7}, "patch_set": 2, "line": 8, "message": BODY,
         "updated": "2024-05-02 08:00:00.000000000"},
    ],
    "/COMMIT_MSG": [{"author": {"name": "Zuul", "tags": ["SERVICE_USER"]}, "patch_set": 2, "message": "Build failed."}],
}  # fmt: skip


def test_gerrit_comments_and_messages() -> None:
    raw = b")]}'\n" + as_json(COMMENTS)
    document = ReviewSource().read(raw, "comments.json")
    rows = [row for row in kept(document, "zone", "speaker") if row[:2] != ("furniture", None)]
    assert rows == [*REMARKS, ("furniture", "Zuul", "Build failed.")]
    change = {
        "change_id": "I8f", "_number": 42, "subject": "Clear the cache", "owner": {"name": "Maya Lindqvist"},
        "created": "2024-05-01 08:00:00.000000000",
        "messages": [
            {"author": {"name": "Maya Lindqvist"}, "message": "Uploaded patch set 1.",
             "tag": "autogenerated:gerrit:newPatchSet"},
            {"author": {"name": "Tomas Berg"},
             "message": "Patch Set 1: Code-Review+2\n\n(1 comment)\n\nNice and small."},
        ],
    }  # fmt: skip
    assert said_by({"change": change, "comments": COMMENTS}) == [
        ("body", "Maya Lindqvist", "Clear the cache"),
        ("body", "Tomas Berg", "Nice and small."),
        *REMARKS,
        ("furniture", "Zuul", "Build failed."),
    ]


def test_slack_messages_with_users() -> None:
    messages = [
        {"type": "message", "user": "U1", "ts": "1714636800.000100",
         "text": "<@U2> I shipped it &amp; wrote the <https://example.org/d|docs>.\n&gt; who tests?\n\n• all of us"},
        {"type": "message", "user": "U2", "ts": "1714636900.000200", "text": "Great work!",
         "thread_ts": "1714636800.000100"},
        {"type": "message", "subtype": "channel_join", "user": "U2", "ts": "1714637000.0", "text": "<@U2> has joined"},
        {"type": "message", "subtype": "bot_message", "username": "deploys", "ts": "1714637100.0", "text": "v2 is out"},
    ]  # fmt: skip
    users = [
        {"id": "U1", "name": "maya", "profile": {"real_name": "Maya Lindqvist"}},
        {"id": "U2", "real_name": "Tomas"},
    ]
    rows = [row for row in kept(read({"messages": messages, "users": users}), "zone", "speaker")
            if row[:2] != ("furniture", None)]  # fmt: skip
    assert rows == [
        ("body", "Maya Lindqvist", "@Tomas I shipped it & wrote the docs."),
        ("quote", None, "who tests?"),
        ("body", "Maya Lindqvist", "all of us"),
        ("body", "Tomas", "Great work!"),
        ("furniture", "Tomas", "@Tomas has joined"),
        ("furniture", "deploys", "v2 is out"),
    ]
    assert read(messages).date == "2024-05-02"
    assert said_by(messages)[0][:2] == ("body", "U1")


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (as_json([{"user": {"login": "tomas-b"}, "body": BODY}])[:-40], "is no JSON"),
        (as_json({"colour": "green"}), "no review"),
        (as_json([]), "no review"),
        (b"[" * 100_000, "nests too deep"),
        (as_json({"title": "x", "number": 1, "body": ""}).replace(b"x", b" "), "no review"),
        ("{}".encode("utf-16-le"), "binary"),
        (b'{"title": "\xff"}', "is no UTF-8"),
    ],
    ids=["truncated", "other JSON", "empty list", "deep", "empty request", "utf-16", "latin-1"],
)
def test_what_is_no_review_is_named_with_what_to_do(raw: bytes, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        ReviewSource().read(raw, "review.json")
    assert caught.value.message.startswith("review.json: ")
    assert message in caught.value.message
    assert "flush" not in caught.value.message
    assert caught.value.__cause__ is None or b"flush" not in str(caught.value.__cause__).encode()


def test_half_a_surrogate_pair_is_replaced_by_one_character() -> None:
    document = ReviewSource().read(b'[{"user": {"login": "t"}, "body": "Good \\ud83d work"}]', "review.json")
    assert kept(document)[-1] == ("Good \ufffd work",)


def test_a_thread_of_a_service_without_a_shape_is_read_by_what_says_what_and_who() -> None:
    ticket = {
        "ticket": {"subject": "Stream the export", "submitter": "maya-l", "description": "Rows are streamed now."},
        "discussion": [
            {"by": {"name": "Jonas Eek"}, "when": {"created": "2026-06-01"}, "note": "Please add a test."},
            {"by": {"name": "build-bot"}, "note": "All green."},
            {"kind": "label", "note": "nobody says this"},
        ],
    }
    assert read(ticket).author == "maya-l"
    assert said_by(ticket) == [
        ("body", "maya-l", "Stream the export"),
        ("body", "maya-l", "Rows are streamed now."),
        ("body", "Jonas Eek", "Please add a test."),
        ("furniture", "build-bot", "All green."),
    ]
