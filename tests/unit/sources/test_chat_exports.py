"""Exports and copies of chats are read as turns."""

from __future__ import annotations

import pytest

from askcv_pipelines.sources.transcript import transcript_blocks

CHATS = {
    "whatsapp, in brackets": (
        "[12/01/2026, 09:03] Ada: I will call the yard\n"
        "[12/01/2026, 09:04] Jo Bell: fine\n"
        "[12/01/2026, 9:05:10 PM] Ada: the yard has paid\n"
    ),
    "whatsapp, with a dash": (
        "12.01.2026, 09:03 - Ada: I will call the yard\n"
        "12.01.2026, 09:04 - Jo Bell: fine\n"
        "12.01.2026, 09:05 - Ada: the yard has paid\n"
    ),
    "telegram": (
        "Ada, [12.01.2026 09:03]\nI will call the yard\n\nJo Bell, [12.01.2026 09:04]\nfine\n\n"
        "Ada, [12.01.2026 09:05]\nthe yard has paid\n"
    ),
    "discord": (
        "Ada — 12/01/2026 9:03 AM\nI will call the yard\nJo Bell — 12/01/2026 9:04 AM\nfine\n"
        "Ada — 12/01/2026 9:05 AM\nthe yard has paid\n"
    ),
    "slack": "Ada  9:03 AM\nI will call the yard\nJo Bell  9:04 AM\nfine\nAda  9:05 AM\nthe yard has paid\n",
}


@pytest.mark.parametrize("text", CHATS.values(), ids=CHATS)
def test_says_who_wrote_what(text: str) -> None:
    said = [(block.speaker, text[block.start : block.end]) for block in transcript_blocks(text) or ()]
    assert said == [("Ada", "I will call the yard"), ("Jo Bell", "fine"), ("Ada", "the yard has paid")]


def test_a_list_of_dates_is_no_chat() -> None:
    assert transcript_blocks("12/01/2026 Rent: paid\n12/02/2026 Rent: paid\n12/03/2026 Rent: open\n") is None
