"""A third set, written when the second had been learned from; ``docs/llm.md`` has what it measured first."""

from __future__ import annotations

from askcv_pipelines.values import Subject
from tests.llm.adversarial import A, C, K, Proposed, R, S, T, W, p
from tests.llm.documents import Source

TEACHER = """# Year-end reflection, Bram Keller

## Teaching

I redesigned the grade 9 chemistry course around experiments, and the pass rate rose from 71 % to 88 %.
My colleague Ottilie ran the summer school.
With the help of the parents' council I raised 3,400 euros for new microscopes.
I had hoped to start a robotics club, but no room was free.
Two of my students reached the national finals of the Chemistry Olympiad.
I took over the timetable from Mr Lind in January and published it a week before term.

## Recognition

The county named me Science Teacher of the Year 2025.
I was considered for the Hartmann fellowship.

## Learning

I completed the first aid certificate in May 2026.
I am halfway through the counselling diploma at Westmere College.

## Next steps

- Apply for the lab renovation grant by 1 November 2026
- Observe two lessons of every new teacher
"""

SUPPORT = """# Feedback for Zofia Wrona

From: Callum Reid, team lead

Zofia answers more tickets than anybody else in the team, around 45 a day.
She wrote the macros for refunds, which the Lisbon office copied.
In the outage of 8 April she kept 300 customers informed.
She is not yet confident on the phone.
Her colleague Piet built the chat widget.
I would like her to take part in the knowledge base project.
If she continues like this she will be promoted next year.
"""

THIRD = {
    "teacher": Source("teacher.md", TEACHER, Subject("Bram Keller", ("Bram",)), "performance_review"),
    "support": Source("support.md", SUPPORT, Subject("Zofia Wrona", ("Zofia",)), "performance_review"),
}
COURSE = "I redesigned the grade 9 chemistry course around experiments, and the pass rate rose from 71 % to 88 %."

THIRD_TRUE: tuple[tuple[str, Proposed], ...] = (
    ("teacher", p(K, COURSE, "Redesigned grade 9 chemistry course; pass rate up from 71 % to 88 %")),
    ("teacher", p(K, COURSE, "Redesigned the grade 9 chemistry course around experiments", metric="from 71 % to 88 %")),
    ("teacher", p(K, "With the help of the parents' council I raised 3,400 euros for new microscopes.", "Raised 3,400 euros for new microscopes with the parents' council")),
    ("teacher", p(K, "With the help of the parents' council I raised 3,400 euros for new microscopes.", "Raised €3,400 for microscopes", metric="3,400 euros")),
    ("teacher", p(K, "I took over the timetable from Mr Lind in January and published it a week before term.", "Took over the timetable and published it a week before term")),
    ("teacher", p(R, "The county named me Science Teacher of the Year 2025.", "Science Teacher of the Year 2025", organization="county", date="2025")),
    ("teacher", p(C, "I completed the first aid certificate in May 2026.", "First aid certificate", date="2026-05")),
    ("teacher", p(A, "Apply for the lab renovation grant by 1 November 2026", "Apply for the lab renovation grant", date="2026-11-01")),
    ("teacher", p(A, "Observe two lessons of every new teacher", "Observe 2 lessons of every new teacher")),
    ("teacher", p(S, COURSE, "chemistry")),
    ("support", p(K, "She wrote the macros for refunds, which the Lisbon office copied.", "Wrote the refund macros that the Lisbon office copied")),
    ("support", p(K, "In the outage of 8 April she kept 300 customers informed.", "Kept 300 customers informed during the outage of 8 April")),
    ("support", p(T, "Zofia answers more tickets than anybody else in the team, around 45 a day.", None, person="Callum Reid", role="team lead")),
    ("support", p(K, "Zofia answers more tickets than anybody else in the team, around 45 a day.", "Answers around 45 tickets a day, more than anybody else in the team")),
    ("support", p(A, "I would like her to take part in the knowledge base project.", "Take part in the knowledge base project", person="Callum Reid")),
    ("support", p(A, "She is not yet confident on the phone.", "Not yet confident on the phone", category="growth_area")),
)  # fmt: skip

THIRD_FALSE: tuple[tuple[str, Proposed], ...] = (
    ("teacher", p(K, COURSE, "Redesigned the course; pass rate rose by 88 %")),
    ("teacher", p(K, COURSE, "Pass rate fell from 71 % to 88 %")),
    ("teacher", p(K, COURSE, "Redesigned the grade 8 chemistry course")),
    ("teacher", p(K, COURSE, "Redesigned the grade 9 physics course around experiments")),
    ("teacher", p(K, "My colleague Ottilie ran the summer school.", "Ran the summer school")),
    ("teacher", p(K, "I had hoped to start a robotics club, but no room was free.", "Started a robotics club")),
    ("teacher", p(K, "Two of my students reached the national finals of the Chemistry Olympiad.", "Reached the national finals of the Chemistry Olympiad")),
    ("teacher", p(R, "Two of my students reached the national finals of the Chemistry Olympiad.", "Chemistry Olympiad")),
    ("teacher", p(K, "I took over the timetable from Mr Lind in January and published it a week before term.", "Published the timetable a month before term")),
    ("teacher", p(K, "With the help of the parents' council I raised 3,400 euros for new microscopes.", "Raised 3,400 dollars for new microscopes")),
    ("teacher", p(R, "I was considered for the Hartmann fellowship.", "Hartmann fellowship")),
    ("teacher", p(C, "I am halfway through the counselling diploma at Westmere College.", "Counselling diploma")),
    ("teacher", p(K, "Apply for the lab renovation grant by 1 November 2026", "Won the lab renovation grant")),
    ("teacher", p(K, "Observe two lessons of every new teacher", "Observed two lessons of every new teacher")),
    ("support", p(K, "She is not yet confident on the phone.", "Confident on the phone")),
    ("support", p(K, "Her colleague Piet built the chat widget.", "Built the chat widget")),
    ("support", p(K, "I would like her to take part in the knowledge base project.", "Took part in the knowledge base project")),
    ("support", p(R, "If she continues like this she will be promoted next year.", "Promoted")),
    ("support", p(K, "In the outage of 8 April she kept 300 customers informed.", "Caused the outage of 8 April")),
    ("support", p(K, "She wrote the macros for refunds, which the Lisbon office copied.", "Copied the macros of the Lisbon office")),
    ("support", p(W, "She wrote the macros for refunds, which the Lisbon office copied.", "Macro writer", organization="Lisbon office")),
    ("support", p(S, "She is not yet confident on the phone.", "phone")),
)  # fmt: skip
