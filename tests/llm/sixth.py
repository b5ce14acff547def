"""A sixth set, written when the fifth had been learned from, and measured before anything was changed for it."""

from __future__ import annotations

from askcv_pipelines.values import Subject
from tests.llm.adversarial import A, C, K, Proposed, R, S, T, W, p
from tests.llm.documents import Source

LIBRARY = """# Year in review: Ayla Demir, children's librarian

## Highlights

- In March I opened the story lab; 640 children came in the first half-year.
- Loans of picture books went up by a quarter, which the new shelving explains.
- My application for the reading bus was turned down.
- I persuaded the council to keep the Saturday hours.
- I stopped the weekly film night because nobody came.
- Volunteers read aloud on Thursdays; I plan their rota.
- I co-wrote the county's guide to bilingual shelves with Noor Jansen.
- Between 20 and 25 classes visit us every month.
- I was runner-up for the Golden Bookmark.
- The catalogue now runs on Koha; the migration was done by the vendor.

## Courses

First aid for children, Red Cross, valid until May 2027
Started: certificate in library management, Open College

## Wishes

More evenings with teenagers, fewer with spreadsheets.
"""

SITE = """Probation report — Tarek Aziz, site engineer, Moorhead Bridges
Period: 1 April to 30 September 2025
Written by: Fiona Grant, project manager

Tarek surveyed piers 3 to 9 and reported two cracks that everyone else had overlooked.
His levelling errors stayed below 4 mm on all piers.
Twice he arrived late; since June he has been punctual.
He used drones for the first time on this site, an idea of our intern.
Without Tarek the concrete pour of 8 July would have been cancelled.
He has a driving licence for lorries but no crane permit.
Before joining us he spent three years at Haldane Surveys as a chainman.
Fiona rates his drawings 4 out of 5.
"Tarek asks before he assumes." – Sunil, foreman

Agreed for the next period
Tarek will lead the survey of the west ramp by 15 November 2025.
Fiona will arrange the crane course.
"""

SIXTH = {
    "library": Source("library.md", LIBRARY, Subject("Ayla Demir", ("Ayla",)), "performance_review"),
    "site": Source("site.txt", SITE, Subject("Tarek Aziz", ("Tarek",)), "performance_review"),
}
LAB = "In March I opened the story lab; 640 children came in the first half-year."
PIERS = "Tarek surveyed piers 3 to 9 and reported two cracks that everyone else had overlooked."

SIXTH_TRUE: tuple[tuple[str, Proposed], ...] = (
    ("library", p(K, LAB, "Opened the story lab; 640 children came in the first half-year", metric="640 children")),
    ("library", p(K, "I persuaded the council to keep the Saturday hours.", "Persuaded the council to keep the Saturday hours")),
    ("library", p(K, "I stopped the weekly film night because nobody came.", "Stopped the weekly film night")),
    ("library", p(K, "I co-wrote the county's guide to bilingual shelves with Noor Jansen.", "Co-wrote the county's guide to bilingual shelves")),
    ("library", p(C, "First aid for children, Red Cross, valid until May 2027", "First aid for children", organization="Red Cross")),
    ("library", p(A, "More evenings with teenagers, fewer with spreadsheets.", "More evenings with teenagers", category="goal")),
    ("site", p(K, PIERS, "Surveyed piers 3 to 9 and reported two cracks that everyone else had overlooked")),
    ("site", p(K, "His levelling errors stayed below 4 mm on all piers.", "Kept levelling errors below 4 mm on all piers")),
    ("site", p(W, "Before joining us he spent three years at Haldane Surveys as a chainman.", "chainman", organization="Haldane Surveys")),
    ("site", p(T, "Tarek asks before he assumes.", None, person="Sunil", role="foreman")),
    ("site", p(A, "Tarek will lead the survey of the west ramp by 15 November 2025.", "Lead the survey of the west ramp", owner="Tarek", date="2025-11-15")),
    ("site", p(S, "He has a driving licence for lorries but no crane permit.", "driving")),
)  # fmt: skip

SIXTH_FALSE: tuple[tuple[str, Proposed], ...] = (
    ("library", p(K, LAB, "Opened the story lab with 640 children in March")),
    ("library", p(K, "Loans of picture books went up by a quarter, which the new shelving explains.", "Loans of picture books went up to a quarter")),
    ("library", p(K, "My application for the reading bus was turned down.", "Application for the reading bus")),
    ("library", p(K, "I stopped the weekly film night because nobody came.", "Ran the weekly film night")),
    ("library", p(K, "Volunteers read aloud on Thursdays; I plan their rota.", "Read aloud on Thursdays")),
    ("library", p(K, "Between 20 and 25 classes visit us every month.", "25 classes visit every month")),
    ("library", p(R, "I was runner-up for the Golden Bookmark.", "Golden Bookmark")),
    ("library", p(K, "The catalogue now runs on Koha; the migration was done by the vendor.", "Done the migration of the catalogue to Koha")),
    ("library", p(C, "Started: certificate in library management, Open College", "certificate in library management", organization="Open College")),
    ("library", p(C, "First aid for children, Red Cross, valid until May 2027", "First aid for children", date="2027-05")),
    ("site", p(K, PIERS, "Surveyed 9 piers and reported two cracks")),
    ("site", p(K, PIERS, "Overlooked two cracks")),
    ("site", p(K, "He used drones for the first time on this site, an idea of our intern.", "Idea of drones on this site")),
    ("site", p(K, "Without Tarek the concrete pour of 8 July would have been cancelled.", "Cancelled the concrete pour of 8 July")),
    ("site", p(C, "He has a driving licence for lorries but no crane permit.", "crane permit")),
    ("site", p(A, "Fiona will arrange the crane course.", "Arrange the crane course")),
)  # fmt: skip
