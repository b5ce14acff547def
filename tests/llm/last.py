"""The last set, written when nothing was changed any more and measured once: what to expect of answers not seen here."""

from __future__ import annotations

from askcv_pipelines.values import Subject
from tests.llm.adversarial import A, C, E, K, Proposed, R, S, T, W, p
from tests.llm.documents import Source

CHEF = """# Half-year review: Salome Ritter

Written by Salome Ritter

## Achievements

I put a new lunch menu on the card in February; lunch revenue grew by 22 percent.
I lowered food waste from 38 kg to 21 kg a day by changing how we order fish.
Since April I have been training two apprentices.
Hugo negotiated the contract with the dairy.
We passed the hygiene inspection without a remark.
I could not fill the pastry position.
Our restaurant was mentioned in the Tagblatt, which praised the terrace.

## Career

2012-2016 commis de cuisine, Hotel Seeblick
2016-2021 sous-chef, Restaurant Alte Post
Diploma in culinary arts, Hospitality School Rorbach, 2012

## Plans

I intend to take the master chef exam in 2027.
Reduce overtime in the kitchen to 4 hours a week.

## Voices

"Salome stays calm when forty tickets are on the rail." (Nuno, waiter)
"""

STANDUP = """# Sprint review 14 — 9 June 2026

Present: Ravi Menon, Elke Voss, Tariq Aziz

Ravi Menon demonstrated the new export; customers had waited for it since 2024.
Elke Voss rewrote the parser in Rust, it is now 3 times faster.
Tariq Aziz did not get to the translations.
Ravi fixed 11 of the 17 open bugs.
Ravi tried to reproduce the memory leak.

Actions:
- Ravi Menon: document the export API by 23 June 2026
- Elke Voss: review Ravi's pull request
- [ ] Ravi to prepare the demo for Contoso
"""

LAST = {
    "chef": Source("chef.md", CHEF, Subject("Salome Ritter", ("Salome",)), "performance_review"),
    "standup": Source("standup.md", STANDUP, Subject("Ravi Menon", ("Ravi",)), "meeting_notes"),
}
MENU = "I put a new lunch menu on the card in February; lunch revenue grew by 22 percent."
FISH = "I lowered food waste from 38 kg to 21 kg a day by changing how we order fish."
EXPORT = "Ravi Menon demonstrated the new export; customers had waited for it since 2024."

LAST_TRUE: tuple[tuple[str, Proposed], ...] = (
    ("chef", p(K, MENU, "Introduced a new lunch menu, growing lunch revenue by 22 %", metric="22 percent")),
    ("chef", p(K, MENU, "New lunch menu; lunch revenue grew by 22 percent")),
    ("chef", p(K, FISH, "Cut food waste from 38 kg to 21 kg a day")),
    ("chef", p(K, FISH, "Lowered daily food waste by changing the ordering of fish", metric="from 38 kg to 21 kg")),
    ("chef", p(K, "Since April I have been training two apprentices.", "Training two apprentices since April")),
    ("chef", p(K, "We passed the hygiene inspection without a remark.", "Passed the hygiene inspection without a remark")),
    ("chef", p(W, "2012-2016 commis de cuisine, Hotel Seeblick", "commis de cuisine", organization="Hotel Seeblick", start_date="2012", end_date="2016")),
    ("chef", p(W, "2016-2021 sous-chef, Restaurant Alte Post", "Sous-chef", organization="Restaurant Alte Post")),
    ("chef", p(E, "Diploma in culinary arts, Hospitality School Rorbach, 2012", None, organization="Hospitality School Rorbach", degree="Diploma", field_of_study="culinary arts")),
    ("chef", p(A, "I intend to take the master chef exam in 2027.", "Take the master chef exam", category="goal")),
    ("chef", p(A, "Reduce overtime in the kitchen to 4 hours a week.", "Reduce kitchen overtime to 4 hours a week")),
    ("chef", p(T, "Salome stays calm when forty tickets are on the rail.", None, person="Nuno", role="waiter")),
    ("standup", p(K, EXPORT, "Demonstrated the new export customers had waited for since 2024")),
    ("standup", p(K, "Ravi fixed 11 of the 17 open bugs.", "Fixed 11 of 17 open bugs")),
    ("standup", p(A, "Ravi Menon: document the export API by 23 June 2026", "Document the export API", owner="Ravi Menon", date="2026-06-23")),
    ("standup", p(A, "Ravi to prepare the demo for Contoso", "Prepare the demo for Contoso", owner="Ravi")),
)  # fmt: skip

LAST_FALSE: tuple[tuple[str, Proposed], ...] = (
    ("chef", p(K, MENU, "Put a new dinner menu on the card; revenue grew by 22 percent")),
    ("chef", p(K, MENU, "New lunch menu doubled lunch revenue")),
    ("chef", p(K, MENU, "Lunch revenue grew by 22 percentage points in March")),
    ("chef", p(K, FISH, "Cut food waste by 38 kg a day")),
    ("chef", p(K, FISH, "Raised food waste from 21 kg to 38 kg a day")),
    ("chef", p(K, FISH, "Cut food waste from 38 kg to 21 kg a week")),
    ("chef", p(K, "Hugo negotiated the contract with the dairy.", "Negotiated the contract with the dairy")),
    ("chef", p(K, "I could not fill the pastry position.", "Filled the pastry position")),
    ("chef", p(K, "We passed the hygiene inspection without a remark.", "Led the hygiene inspection")),
    ("chef", p(R, "Our restaurant was mentioned in the Tagblatt, which praised the terrace.", "Tagblatt restaurant award")),
    ("chef", p(C, "I intend to take the master chef exam in 2027.", "Master chef exam", date="2027")),
    ("chef", p(K, "Reduce overtime in the kitchen to 4 hours a week.", "Reduced overtime in the kitchen to 4 hours a week")),
    ("chef", p(W, "2016-2021 sous-chef, Restaurant Alte Post", "commis de cuisine", organization="Restaurant Alte Post")),
    ("chef", p(W, "2012-2016 commis de cuisine, Hotel Seeblick", "sous-chef", organization="Hotel Seeblick")),
    ("standup", p(K, "Elke Voss rewrote the parser in Rust, it is now 3 times faster.", "Rewrote the parser in Rust")),
    ("standup", p(S, "Elke Voss rewrote the parser in Rust, it is now 3 times faster.", "Rust")),
    ("standup", p(K, "Ravi fixed 11 of the 17 open bugs.", "Fixed 17 open bugs")),
    ("standup", p(K, "Ravi fixed 11 of the 17 open bugs.", "Fixed all open bugs")),
    ("standup", p(K, "Ravi tried to reproduce the memory leak.", "Reproduced the memory leak")),
    ("standup", p(K, EXPORT, "Waited for the new export since 2024")),
    ("standup", p(K, "Tariq Aziz did not get to the translations.", "Did the translations")),
    ("standup", p(A, "Elke Voss: review Ravi's pull request", "Review Ravi's pull request")),
    ("standup", p(K, "Ravi to prepare the demo for Contoso", "Prepared the demo for Contoso")),
    ("standup", p(W, "Ravi to prepare the demo for Contoso", "Demo engineer", organization="Contoso")),
)  # fmt: skip
