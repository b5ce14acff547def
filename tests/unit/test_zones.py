"""Zones that no mark of the format tells: by what stands there."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askcv_agents.wire import SourceKind
from askcv_pipelines.values import Document
from tests.unit.rules_documents import ADA, document

MAIL = "From: Omar Diaz <omar@example.org>\nSubject: lamp\n\n"


def zones(read: Document) -> list[tuple[str, str]]:
    return [(block.zone, read.slice(block)) for block in read.blocks]


def in_zone(read: Document, zone: str) -> list[str]:
    return [said for found, said in zones(read) if found == zone]


def mail(text: str) -> Document:
    return document(MAIL + text, "code_review", name="a.txt")


def test_code_inside_a_paragraph_of_a_mail_is_cut_out() -> None:
    read = mail("Please free it first, as in\n\tlamp_free(lamp);\n\tlamp = NULL;\nand then return.\n")
    assert in_zone(read, "code") == ["lamp_free(lamp);\n\tlamp = NULL;"]
    assert in_zone(read, "body") == ["Please free it first, as in", "and then return."]
    assert {b.speaker for b in read.blocks if b.zone in {"body", "code"}} == {"Omar Diaz"}


@pytest.mark.parametrize(
    "code",
    [
        "lamp.c:12: warning: unused variable",
        "$ make lamp\nbuilt lamp in 3 s",
        "if (lamp == NULL)\n    return -1;",
        "def light(lamp):\n    lamp.on = True\n\n    return lamp.state()",
        "    lamps:\n      - name: hall\n      - name: stairs",
        '#include "lamp.h"',
    ],
)
def test_statements_output_and_configuration_are_code(code: str) -> None:
    read = mail(f"I would write it so:\n\n{code}\n\nWould that work for you?\n")
    assert "\n".join(in_zone(read, "code")) == code.strip()


@pytest.mark.parametrize(
    "prose",
    [
        "See malloc(3) for what it does;\nlamp(1) says the same.",
        "If you want (and I do), we can keep it.",
        "That is what I meant; the rest is fine.",
        "1. first the hall\n2. then the stairs",
        "\tThis mail has every one of its paragraphs indented like this.",
    ],
)
def test_prose_of_a_mail_is_no_code(prose: str) -> None:
    assert in_zone(mail(f"Thanks for it.\n\n{prose}\n"), "code") == []


def test_a_hunk_without_header_is_a_patch_and_a_list_is_none() -> None:
    hunk = " struct lamp {\n-    int on;\n+    bool on;\n };"
    assert in_zone(mail(f"I applied this:\n\n{hunk}\n"), "diff") == [hunk.strip()]
    assert in_zone(mail("- rename the lamp\n- drop the bulb\n"), "diff") == []


def test_the_summary_of_a_patch_is_diff_with_the_dashes_above() -> None:
    read = mail(
        "It lights the hall.\n---\n lamp.c | 12 ++++--\n 1 file changed, 8 insertions(+)\n create mode 100644 lamp.c\n"
    )
    assert in_zone(read, "diff")[0].startswith("---\n lamp.c")
    assert in_zone(read, "body") == ["It lights the hall."]


def test_a_closing_and_the_writers_name_are_signature() -> None:
    read = mail("Please rename it.\n\nLooks good otherwise.\nCheers,\nOmar\n")
    assert in_zone(read, "signature") == ["Cheers,\nOmar"]
    assert in_zone(read, "body") == ["Please rename it.", "Looks good otherwise."]


def test_lines_below_two_dashes_are_signature_until_prose_follows() -> None:
    long = "This goes on for much longer than any line that somebody would put below a mail, " * 3
    read = mail(f"Please rename it.\n\n-- \nOmar Diaz\nLamps Ltd\n\nLight is all\n\n{long.strip()}\n")
    assert in_zone(read, "signature") == ["-- \nOmar Diaz\nLamps Ltd", "Light is all"]
    assert in_zone(read, "body")[-1] == long.strip()


def test_a_letters_signer_and_the_secretary_of_minutes_are_signature() -> None:
    letter = (
        "Ada led the move to the new depot.\n\nI am glad to recommend her. Sincerely,\n\nOmar Diaz, Head of Lamps\n"
    )
    assert in_zone(document(letter, "performance_review"), "signature") == ["Omar Diaz, Head of Lamps"]
    minutes = "Ada will order lamps.\n\nRuth Okoye, Secretary\n"
    assert in_zone(document(minutes, "meeting_notes"), "signature") == ["Ruth Okoye, Secretary"]


def test_a_mark_of_omission_beside_a_quote_is_part_of_it() -> None:
    read = mail("> lamp = 1;\n\n...\n\nPlease rename it.\n")
    assert in_zone(read, "quote") == ["> lamp = 1;", "..."]


def test_a_bots_report_is_furniture_and_a_persons_word_on_it_is_not() -> None:
    report = mail("My bot found errors running the checks:\n\nlamp is not lit\n\nPlease run it again.\n")
    assert in_zone(report, "body") == []
    assert in_zone(mail("I think the bot found a real problem here, please fix it.\n"), "body") != []


def test_a_remark_with_a_badge_of_severity_is_a_programs() -> None:
    bodies = ["![high](https://example.org/high.svg)\n\nThe lamp is never lit.", "Please fix this."]
    comments = json.dumps([{"body": body, "user": {"login": "omard"}} for body in bodies])
    read = document(comments, "code_review", name="a.json")
    assert in_zone(read, "body") == ["Please fix this."]


@pytest.mark.parametrize(
    "line",
    [
        "Skip to content",
        "← Back to Home",
        "[TOC]",
        "Previous message: lamps",
        "Generated by LampBot 1.2",
        "Meeting ended at 17:58:27 UTC.",
        "<omar> s/lamb/lamp/",
        "Tue Mar  2 16:17:41 EST 2010",
    ],
)
def test_controls_and_footers_are_furniture(line: str) -> None:
    read = document(f"Ada will order lamps.\n\n{line}\n\nShe rang the shop.\n", "meeting_notes", name="a.txt")
    assert in_zone(read, "body") == ["Ada will order lamps.", "She rang the shop."]


FORM = """# Review of a lamp

*Answer the following questions about the lamp you review.*

### Are you able to light it?
Yes, at once.

### Do you have other remarks?
It is warm.

### Describe the shade
It is green.

### Extras
None.
"""


def test_a_forms_questions_are_template_and_still_head_their_answers() -> None:
    read = document(FORM, "code_review")
    assert in_zone(read, "template") == [
        "*Answer the following questions about the lamp you review.*",
        "Are you able to light it?",
        "Do you have other remarks?",
        "Describe the shade",
    ]
    assert next(b for b in read.blocks if read.slice(b) == "It is warm.").section[-1] == "Do you have other remarks?"


def test_questions_to_you_are_prompts_in_a_review_of_oneself_only() -> None:
    asked = "What did you learn this year?\n\n"
    own = document(asked + "I learned to weld, and I taught my team.\n", "performance_review")
    assert in_zone(own, "template") == [asked.strip()]
    told = document("You lit every lamp. Your reports were late.\n\n" + asked + "You may say.\n", "performance_review")
    assert in_zone(told, "template") == []


def test_questions_answered_line_by_line_are_template() -> None:
    read = document("Q: Has she lit lamps?\nA: She lit twelve.\n", "performance_review")
    assert zones(read) == [("template", "Q: Has she lit lamps?"), ("body", "A: She lit twelve.")]


def test_a_criterion_with_its_meaning_above_a_rating_is_template() -> None:
    text = "**1. Light** The lamp lights the whole of the hall.\n* 4: Better than expected\n"
    read = document(text, "performance_review")
    assert [zone for zone, _ in zones(read)] == ["template", "body"]


def test_italic_lines_below_many_headings_are_template() -> None:
    text = "".join(f"## Part {n}\n*What belongs here*\n\n- lamp {n}\n\n" for n in range(3))
    assert len(in_zone(document(text, "meeting_notes"), "template")) == 3
    one = "## Part\n*It rained all day*\n\n- lamp\n"
    assert in_zone(document(one, "meeting_notes"), "template") == []


def test_what_to_do_before_every_meeting_is_template_and_actions_are_not() -> None:
    list_of = "- Write down your updates\n- Were there any blockers?\n"
    assert len(in_zone(document(f"## Before the meeting\n{list_of}", "meeting_notes"), "template")) == 2
    assert in_zone(document(f"## Before the next meeting\n{list_of}", "meeting_notes"), "template") == []


def test_the_words_of_a_row_of_boxes_are_the_forms() -> None:
    table = "| Skill | Good | Fair |\n|---|---|---|\n| Lighting lamps | ☐ | ✅ |\n"
    read = document(table, "performance_review")
    assert in_zone(read, "template") == ["Lighting lamps"]
    assert in_zone(read, "body") == ["☐", "✅"]


def test_a_place_left_empty_is_template() -> None:
    read = document("I lit lamps.\n\n(Notes from your mentor)\n", "performance_review")
    assert in_zone(read, "template") == ["(Notes from your mentor)"]


def test_a_row_of_links_and_a_sites_banner_are_furniture() -> None:
    links = "<a href='1'>Home</a> | <a href='2'>Lamps</a> | <a href='3'>Shop</a>"
    page = f"<html><body><header>Lamps Ltd</header><div>{links}</div><p>I lit <a href='4'>it</a>.</p></body></html>"
    read = document(page, "performance_review", name="a.html")
    assert in_zone(read, "body") == ["I lit it."]


LINES = st.lists(
    st.sampled_from(
        ["", "-- ", "---", "> quoted", "+a", "-b", " c", "\tx = 1;", "$ ls", "Cheers,", "Omar", "...", "# Head",
         "Q: why?", "A: so.", "**1. A** what it means here", "* 4: good", "- item you did?", "[TOC]", " a.c | 2 ++",
         "---- >8 ----", "From: Omar Diaz <omar@example.org>", "What did you do?", "I lit it.", "key:", "  key: 1"]
    ),
    max_size=14,
)  # fmt: skip


@given(LINES, st.sampled_from(["code_review", "performance_review", "meeting_notes"]), st.sampled_from(["txt", "md"]))
def test_blocks_stay_in_order_apart_and_full(lines: list[str], kind: SourceKind, suffix: str) -> None:
    read = document("I lit the lamp.\n\n" + "\n".join(lines), kind, ADA, f"a.{suffix}")
    assert all(read.slice(b).strip() for b in read.blocks)
    assert all(one.end <= other.start for one, other in pairwise(read.blocks))
