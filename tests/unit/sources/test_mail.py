from __future__ import annotations

import base64
import quopri

import pytest

from askcv_agents.errors import SourceError
from askcv_pipelines.sources.mail import MailSource
from tests.unit.sources.documents import checked, kept

REPLY = """From: "Lindqvist, Maya" <maya@example.org>
To: team@example.org
Subject: Re: [PATCH] queue: retry with a delay
Date: Tue, 02 Jul 2024 23:17:43 +0200
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Hi Tomas,

On Mon, Jul 1, 2024 at 5:17\u202fPM Tomas Berg
<tomas@example.org> wrote:
> > Why a fixed delay?
>
> It is the simplest thing.

Note: a fixed delay makes all clients come back at once. Please add jitter.

--- a/queue.py
+++ b/queue.py
@@ -1 +1 @@
-delay = 5
+delay = random() * 5

Best regards,
Maya

{dashes}
Maya Lindqvist
Platform team
_______________________________________________
team mailing list
team@example.org
""".replace("{dashes}", "-- ")

PATCH = """From: Tomas Berg via List <list@example.org>
Subject: [PATCH] queue: retry with a delay
Date: Mon, 01 Jul 2024 10:00:00 +0200

From: Tomas Berg <tomas@example.org>

Jobs that failed were retried at once.

Signed-off-by: Tomas Berg <tomas@example.org>
---
 queue.py | 3 ++-
 1 file changed, 2 insertions(+), 1 deletion(-)

diff --git a/queue.py b/queue.py
--- a/queue.py
+++ b/queue.py
@@ -1 +1 @@
-retry()
+retry(delay)
"""


def test_own_text_quotes_patch_signature_and_list_footer_are_told_apart() -> None:
    document = MailSource().read(REPLY.encode(), "reply.eml")
    assert kept(document, "zone", "speaker") == [
        ("body", "Maya Lindqvist", "Re: [PATCH] queue: retry with a delay"),
        ("furniture", None, "Maya Lindqvist"),
        ("body", "Maya Lindqvist", "Hi Tomas,"),
        ("furniture", None, "On Mon, Jul 1, 2024 at 5:17 PM Tomas Berg <tomas@example.org> wrote:"),
        ("quote", None, "> > Why a fixed delay?"),
        ("quote", "Tomas Berg", "> > It is the simplest thing."),
        ("body", "Maya Lindqvist", "Note: a fixed delay makes all clients come back at once. Please add jitter."),
        ("diff", "Maya Lindqvist", "--- a/queue.py +++ b/queue.py @@ -1 +1 @@ -delay = 5 +delay = random() * 5"),
        ("signature", "Maya Lindqvist", "Best regards, Maya"),
        ("signature", "Maya Lindqvist", "Maya Lindqvist Platform team"),
        ("furniture", None, "team mailing list team@example.org"),
    ]
    assert (document.title, document.date) == ("Re: [PATCH] queue: retry with a delay", "2024-07-02")
    assert document.author is None


def test_a_mailbox_is_one_document_of_its_messages_in_order() -> None:
    raw = "".join(
        f"From mboxrd@z Thu Jan  1 00:00:00 1970\n{message}\n"
        for message in (PATCH, REPLY.replace("Hi Tomas,", ">From what I saw it works."))
    )
    document = MailSource().read(raw.encode(), "thread.mbox")
    rows = kept(document, "zone", "speaker")
    assert rows[:8] == [
        ("body", "Tomas Berg", "[PATCH] queue: retry with a delay"),
        ("furniture", None, "Tomas Berg"),
        ("furniture", None, "From: Tomas Berg <tomas@example.org>"),
        ("body", "Tomas Berg", "Jobs that failed were retried at once."),
        ("furniture", None, "Signed-off-by: Tomas Berg <tomas@example.org>"),
        ("diff", "Tomas Berg", "queue.py | 3 ++- 1 file changed, 2 insertions(+), 1 deletion(-)"),
        (
            "diff",
            "Tomas Berg",
            "diff --git a/queue.py b/queue.py --- a/queue.py +++ b/queue.py @@ -1 +1 @@ -retry() +retry(delay)",
        ),
        ("furniture", None, "Maya Lindqvist"),
    ]
    assert ("body", "Maya Lindqvist", "From what I saw it works.") in rows
    assert (document.title, document.date) == ("[PATCH] queue: retry with a delay", "2024-07-01")
    assert document.author == "Tomas Berg"


BODY = "Tack för hjälpen – it went very well.\n"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (
            "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64",
            base64.encodebytes(BODY.encode()),
        ),
        (
            "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable",
            quopri.encodestring(BODY.encode()),
        ),
        ("Content-Type: text/plain; charset=windows-1252\nContent-Transfer-Encoding: 8bit", BODY.encode("cp1252")),
        ("Content-Type: text/plain; charset=no-such-charset", BODY.encode()),
        ("Content-Type: text/plain; charset=\x00utf-8", BODY.encode()),
        ("X-Nothing: declared", BODY.encode()),
        (
            'Content-Type: multipart/alternative; boundary="b"',
            b"--b\nContent-Type: text/html\n\n<p>other</p>\n--b\nContent-Type: text/plain; charset=utf-8\n\n"
            + BODY.encode() + b"\n--b--\n",
        ),
        ("Content-Type: text/html; charset=utf-8", f"<html><body><p>{BODY}</p></body></html>".encode()),
    ],
    ids="base64 quoted-printable windows-1252 unknown-charset impossible-charset no-charset multipart html".split(),
)  # fmt: skip
def test_the_body_is_decoded(headers: str, body: bytes) -> None:
    raw = f"From: =?utf-8?q?Ma=C3=ABlle_Roy?= <m@example.org>\nSubject: Tack\n{headers}\n\n".encode() + body
    assert kept(MailSource().read(raw, "thanks.eml"), "zone", "speaker")[2:] == [
        ("body", "Maëlle Roy", "Tack för hjälpen – it went very well.")
    ]


def test_an_html_reply_keeps_the_quote_apart() -> None:
    raw = (
        b"From: Maya <m@example.org>\nSubject: Re: plan\nContent-Type: text/html; charset=utf-8\n\n"
        b'<div>I will do it.</div><div class="gmail_quote"><div>On Mon, 1 Jul 2024 at 10:00, Tomas Berg wrote:</div>'
        b'<blockquote class="gmail_quote"><ul><li>Who writes the tests?</li></ul></blockquote></div>'
    )
    assert kept(MailSource().read(raw, "plan.eml"), "zone", "speaker")[2:] == [
        ("body", "Maya", "I will do it."),
        ("furniture", None, "On Mon, 1 Jul 2024 at 10:00, Tomas Berg wrote:"),
        ("quote", "Tomas Berg", "Who writes the tests?"),
    ]


def test_what_was_forwarded_is_by_its_own_author() -> None:
    raw = (
        b"From: Maya <m@example.org>\nSubject: Fwd: thanks\n\nSee below.\n\n-----Original Message-----\n"
        b"From: Tomas Berg <t@example.org>\nSent: Monday\n\nYou saved the launch.\n"
    )
    rows = kept(MailSource().read(raw, "fwd.eml"), "zone", "speaker")
    assert ("body", "Maya", "See below.") in rows
    assert rows[-1] == ("quote", "Tomas Berg", "You saved the launch.")


@pytest.mark.parametrize("raw", [b"From: a@b.c\nSubject: \n\n\n", b"just some text\nwithout headers\n", b"\x00\x01"])
def test_what_is_no_mail_or_empty_is_named(raw: bytes) -> None:
    with pytest.raises(SourceError, match=r"mail\.eml: "):
        checked(MailSource().read(raw, "mail.eml"))
