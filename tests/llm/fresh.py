"""A fifth set, of kinds that the others do not hold: tables, headings that deny or name somebody, what was helped with
or only said, ranks and rates, roles that turn round. For both ways: the extractor's and an agent's."""

from __future__ import annotations

from askcv_pipelines.values import Subject
from tests.llm.adversarial import A, C, E, K, Proposed, R, S, T, W, p
from tests.llm.documents import Source

DISPATCH = """# Annual self-assessment 2025 — Henrike Albers

## Results

- I replanned the northern delivery routes, and fuel use fell by up to 30 %.
- After the ferry line closed, late deliveries dropped by 18 %. I also rewrote the shift rota.
- I helped Marek build the pallet tracker.
- I was trained by Greta Sand on the new forklift.
- I visited all but two of the 26 depots.
- Our crew came third in the regional safety contest.
- I organised the move to hall 12 in May without a day of standstill.
- I averted a driver strike by renegotiating the weekend bonus.
- I look after a dozen subcontractors, with a yearly volume of 1.2 million euros.
- Customer complaints were halved, from 84 to 42 a quarter, once I had introduced call-backs.
- ~~I introduced the barcode scanners.~~

## Not achieved

- The merger of the two depots in Stade
- An electronic tachograph archive

## Marek's results

- Negotiated the tyre contract with Rollfix

## Figures

| Dispatcher | Tours planned | Share on time |
|---|---|---|
| Henrike Albers | 1,140 | 97 % |
| Olaf Kern | 1,310 | 91 % |

## Background

Since 2019 I have been deputy head of dispatch at Nordfracht, reporting to the head of operations.
I studied logistics at Weserhochschule but left in 2012 without a degree.
I have some Polish and cannot read Cyrillic.
At Ruhmann AG, a customer, I installed our booking terminal in 2023.
I hold the ADR dangerous goods certificate, renewed in autumn 2024.
"""

ARCHITECT = """Reference for Ilse Tan

Ilse Tan worked as a project architect in our studio, Vek & Partners, from March 2017 until June 2022.

She drew the competition entry for the Delft library, which won second prize.
She probably saved us a lawsuit over the Haarlem roof.
She was asked to chair the sustainability group and turned it down.
The tower at Zuidas, designed by Ruben Prins, was built under her site supervision.
Clients describe her as “precise, punctual and never condescending”.
It is said that she designed the pavilion in a weekend.
She cut drawing errors to a third of what they were before.
Had she stayed, she would have become partner.
Ilse is an expert in AutoCAD and a beginner in Revit.
Did she ever miss a handover? She did not.
Her essay “Light in Narrow Houses” appeared in Bouwblad in 2021.

Joost Vek, founding partner
"""

CALL = """# Team call 14 October 2025

Present: Dana Okafor, Priit Saar, Wim de Boer

## Reports

Dana Okafor: I closed 14 claims last week and set up the K8s cluster for the archive.
Priit Saar: I finished the fraud model, it catches about 40 cases a month.
Wim de Boer said that Dana had handled the flood claims with great care.
Priit told the board: "I negotiated the reinsurance treaty myself."
Dana handed over the glass claims to Wim, who settled 90 of them.
Dana Okafor was elected to the works council.

## To do

- [x] Dana: send the flood report to the regulator
- [ ] Dana: update the claims handbook, due 31 October
- [ ] Dana to ask Priit to retrain the fraud model
- [ ] Everyone except Dana: complete the password training
"""

FRESH = {
    "dispatch": Source("dispatch.md", DISPATCH, Subject("Henrike Albers", ("Henrike",)), "performance_review"),
    "architect": Source("architect.md", ARCHITECT, Subject("Ilse Tan", ("Ilse",)), "performance_review"),
    "call": Source("call.md", CALL, Subject("Dana Okafor", ("Dana",)), "meeting_notes"),
}
ROUTES = "I replanned the northern delivery routes, and fuel use fell by up to 30 %."
ROTA = "I also rewrote the shift rota."
VOLUME = "I look after a dozen subcontractors, with a yearly volume of 1.2 million euros."
HALVED = "Customer complaints were halved, from 84 to 42 a quarter, once I had introduced call-backs."
DEPUTY = "Since 2019 I have been deputy head of dispatch at Nordfracht, reporting to the head of operations."
STUDIO = "Ilse Tan worked as a project architect in our studio, Vek & Partners, from March 2017 until June 2022."
CLAIMS = "I closed 14 claims last week and set up the K8s cluster for the archive."

FRESH_TRUE: tuple[tuple[str, Proposed], ...] = (
    ("dispatch", p(K, ROUTES, "Replanned northern delivery routes, reducing fuel use by up to 30%", metric="up to 30 %")),
    ("dispatch", p(K, ROTA, "Rewrote the shift rota")),
    ("dispatch", p(K, "I organised the move to hall 12 in May without a day of standstill.", "Organized the move to hall 12 without a day of standstill")),
    ("dispatch", p(K, "I averted a driver strike by renegotiating the weekend bonus.", "Averted a driver strike by renegotiating the weekend bonus")),
    ("dispatch", p(K, VOLUME, "Looks after 12 subcontractors with a yearly volume of €1.2 million", metric="1.2 million euros")),
    ("dispatch", p(K, HALVED, "Halved customer complaints from 84 to 42 a quarter by introducing call-backs")),
    ("dispatch", p(K, "I visited all but two of the 26 depots.", "Visited all but two of 26 depots")),
    ("dispatch", p(W, DEPUTY, "Deputy head of dispatch", organization="Nordfracht", start_date="2019")),
    ("dispatch", p(C, "I hold the ADR dangerous goods certificate, renewed in autumn 2024.", "ADR dangerous goods certificate", date="2024")),
    ("dispatch", p(K, "I helped Marek build the pallet tracker.", "Helped build the pallet tracker")),
    ("architect", p(W, STUDIO, "Project architect", organization="Vek & Partners", start_date="2017-03", end_date="2022-06")),
    ("architect", p(R, "She drew the competition entry for the Delft library, which won second prize.", "second prize")),
    ("architect", p(T, "Clients describe her as “precise, punctual and never condescending”.", None, person="Joost Vek")),
    ("architect", p(S, "Ilse is an expert in AutoCAD and a beginner in Revit.", "AutoCAD", level="expert")),
    ("architect", p("publications", "Her essay “Light in Narrow Houses” appeared in Bouwblad in 2021.", "Light in Narrow Houses", organization="Bouwblad", date="2021")),
    ("architect", p(K, "She cut drawing errors to a third of what they were before.", "Cut drawing errors to a third")),
    ("call", p(K, CLAIMS, "Closed 14 claims and set up the K8s cluster for the archive")),
    ("call", p(S, CLAIMS, "Kubernetes")),
    ("call", p(K, "Dana Okafor was elected to the works council.", "Elected to the works council")),
    ("call", p(A, "Dana: update the claims handbook, due 31 October", "Update the claims handbook", owner="Dana", date="2025-10-31")),
)  # fmt: skip

FRESH_FALSE: tuple[tuple[str, Proposed], ...] = (
    ("dispatch", p(K, ROUTES, "Replanned the northern delivery routes; fuel use fell by 30 %")),  # "up to" is gone
    ("dispatch", p(K, "After the ferry line closed, late deliveries dropped by 18 %. I also rewrote the shift rota.", "Late deliveries dropped by 18 % by rewriting the shift rota")),
    ("dispatch", p(K, "I helped Marek build the pallet tracker.", "Built the pallet tracker")),
    ("dispatch", p(K, "I was trained by Greta Sand on the new forklift.", "Trained Greta Sand on the new forklift")),
    ("dispatch", p(K, "I visited all but two of the 26 depots.", "Visited all of the 26 depots")),
    ("dispatch", p(R, "Our crew came third in the regional safety contest.", "First in the regional safety contest")),
    ("dispatch", p(K, "I organised the move to hall 12 in May without a day of standstill.", "Organised the move of 12 halls in May")),
    ("dispatch", p(K, VOLUME, "Looks after a dozen subcontractors with a monthly volume of 1.2 million euros")),
    ("dispatch", p(K, "~~I introduced the barcode scanners.~~", "Introduced the barcode scanners", "barcode")),
    ("dispatch", p(K, "The merger of the two depots in Stade", "Merger of the two depots in Stade")),
    ("dispatch", p(K, "Negotiated the tyre contract with Rollfix", "Negotiated the tyre contract with Rollfix")),
    ("dispatch", p(K, "1,310", "1,310 tours planned", "1,310")),
    ("dispatch", p(W, DEPUTY, "Head of operations", organization="Nordfracht")),
    ("dispatch", p(E, "I studied logistics at Weserhochschule but left in 2012 without a degree.", None, organization="Weserhochschule", degree="degree", field_of_study="logistics")),
    ("dispatch", p(S, "I have some Polish and cannot read Cyrillic.", "Cyrillic")),
    ("architect", p(R, "She drew the competition entry for the Delft library, which won second prize.", "First prize")),
    ("architect", p(K, "She was asked to chair the sustainability group and turned it down.", "Asked to chair the sustainability group, chaired it")),
    ("architect", p(K, "The tower at Zuidas, designed by Ruben Prins, was built under her site supervision.", "Designed the tower at Zuidas")),
    ("architect", p(K, "It is said that she designed the pavilion in a weekend.", "Designed the pavilion in a weekend")),
    ("architect", p(S, "Ilse is an expert in AutoCAD and a beginner in Revit.", "Revit", level="expert")),
    ("call", p(K, "Priit told the board: \"I negotiated the reinsurance treaty myself.\"", "Negotiated the reinsurance treaty myself")),
    ("call", p(K, "Dana handed over the glass claims to Wim, who settled 90 of them.", "Settled 90 glass claims")),
    ("call", p(A, "Everyone except Dana: complete the password training", "Complete the password training")),
    ("call", p(T, "Wim de Boer said that Dana had handled the flood claims with great care.", None, person="Priit Saar")),
)  # fmt: skip
