from __future__ import annotations

import pytest

from askcv_agents.errors import SourceError
from askcv_pipelines.sources.webvtt import WebVttSource
from tests.unit.sources.documents import kept

ZOOM = """WEBVTT

NOTE recorded 2024-05-02

1
00:00:01.200 --> 00:00:04.100
Maya Lindqvist: I finished the import, and the old

2
00:00:04.100 --> 00:00:06.000
Maya Lindqvist: one is switched off.

STYLE
::cue { color: white }

00:07.000 --> 00:09.500 align:start position:0%
<v Tomas Berg>Great. <i>Can</i> you write it
down?</v>

00:10.000 --> 00:12.000
<v.loud Maya Lindqvist>Sure.</v><v Tomas Berg>Thanks!</v>

00:13.000 --> 00:14.000
Mm-hm: at 10:30
"""


def test_each_cue_is_a_block_with_its_speaker() -> None:
    assert kept(WebVttSource().read(ZOOM.encode(), "call.vtt"), "speaker", "kind") == [
        ("Maya Lindqvist", "paragraph", "I finished the import, and the old"),
        ("Maya Lindqvist", "paragraph", "one is switched off."),
        ("Tomas Berg", "paragraph", "Great. <i>Can</i> you write it down?"),
        ("Maya Lindqvist", "paragraph", "Sure."),
        ("Tomas Berg", "paragraph", "Thanks!"),
        ("Mm-hm", "paragraph", "at 10:30"),
    ]


def test_the_text_is_the_files_own_whatever_its_line_ends() -> None:
    raw = ZOOM.replace("\n", "\r\n").encode()
    document = WebVttSource().read(raw, "call.vtt")
    assert document.text == raw.decode()
    assert [row[-1] for row in kept(document)] == [
        row[-1] for row in kept(WebVttSource().read(ZOOM.encode(), "call.vtt"))
    ]


def test_subrip_without_blank_lines_keeps_numbers_out_of_speech() -> None:
    raw = b"1\n00:00:01,000 --> 00:00:02,000\nHello.\n2\n00:00:02,000 --> 00:00:03,000\nI counted\n12\n"
    assert kept(WebVttSource().read(raw, "call.srt")) == [("Hello.",), ("I counted 12",)]


@pytest.mark.parametrize("raw", [b"WEBVTT\n", b"WEBVTT\n\n00:01.000 --> 00:02.000\n", b"\xff\x00WEBVTT"])
def test_what_holds_no_captions_is_named(raw: bytes) -> None:
    with pytest.raises(SourceError, match=r"call\.vtt: "):
        WebVttSource().read(raw, "call.vtt")
