"""Actions: whose they are, whether they are still to be done, and by when."""

from __future__ import annotations

from tests.unit.rules_documents import minutes, only, quotes, review, thread

MINUTES = """# Reading room committee
2024-05-13

Present: Ada Brook, Omar Diaz, Lin Wei

## Actions
- Ada to order the new shelves by Friday
- Omar to call the printer
- [x] Ada: paint the back wall
- Lin and Ada will draft the opening speech

| Task | Owner | Due |
|---|---|---|
| Update the visitor plan | Ada | 20 May |
| Count the chairs | Lin | 21 May |
"""


def actions(candidates):
    return quotes(candidates, "coaching_action_items")


def by_quote(candidates, start):
    return next(c for c in only(candidates, "coaching_action_items") if c.quote.startswith(start))


def test_an_action_of_the_subject_is_extracted():
    assert any(quote.startswith("Ada to order") for quote in actions(minutes(MINUTES)))


def test_another_persons_action_is_not_extracted():
    assert not any("printer" in quote for quote in actions(minutes(MINUTES)))


def test_another_persons_table_row_is_not_extracted():
    assert not any("chairs" in quote for quote in actions(minutes(MINUTES)))


def test_the_owner_column_gives_a_row_to_the_subject():
    assert by_quote(minutes(MINUTES), "Update the visitor plan").fields["owner"] == "Ada Brook"


def test_a_ticked_action_is_no_action():
    assert not any("paint" in quote for quote in actions(minutes(MINUTES)))


def test_an_action_shared_with_others_is_the_subjects_too():
    assert any("opening speech" in quote for quote in actions(minutes(MINUTES)))


def test_a_weekday_is_due_after_the_day_of_the_document():
    assert by_quote(minutes(MINUTES), "Ada to order").fields["due_on"] == "2024-05-17"


def test_a_date_column_takes_its_year_from_the_document():
    assert by_quote(minutes(MINUTES), "Update the visitor plan").fields["due_on"] == "2024-05-20"


def test_a_date_without_a_resolvable_year_is_no_due_date():
    undated = minutes("# Committee\n\n## Actions\n- Ada to order the new shelves by 20 May\n")
    assert "due_on" not in by_quote(undated, "Ada to order").fields


def test_an_action_stated_twice_is_one_item():
    twice = MINUTES + "\n## Summary of actions\n- Ada to order the new shelves by Friday\n"
    assert sum("shelves" in quote for quote in actions(minutes(twice))) == 1


def test_the_title_drops_the_owner():
    assert by_quote(minutes(MINUTES), "Ada to order").fields["title"].startswith("Order the new shelves")


def test_advice_in_a_review_is_an_action():
    found = review("# Review of Ada Brook\n\n## Areas for improvement\n- Ada should delegate more to the trainees.\n")
    assert actions(found) == ["Ada should delegate more to the trainees."]


THREAD = """From: Ada Brook <ada@example.org>
Subject: [PATCH] lamp: dim slowly

This patch adds a slow dimmer to the lamp driver.

From: Omar Diaz <omar@example.org>
Subject: Re: [PATCH] lamp: dim slowly

On Monday Ada Brook wrote:
> +int dim(int level)

Please rename this function to lamp_dim.

The timer handling is really elegant, great work!

From: Ada Brook <ada@example.org>
Subject: Re: [PATCH] lamp: dim slowly

Done.
"""


def test_a_reviewers_request_is_an_action():
    assert "Please rename this function to lamp_dim." in actions(thread(THREAD))


def test_a_request_names_who_asked():
    assert by_quote(thread(THREAD), "Please rename").fields["requested_by"] == "Omar Diaz"


def test_a_bare_done_is_nothing():
    assert not any(candidate.quote.startswith("Done") for candidate in thread(THREAD))


def test_quoted_mail_is_nothing():
    assert not any("int dim" in candidate.quote for candidate in thread(THREAD))
