"""True and false items written after the guards were: how they do on what they were not fitted to.

The documents are of other trades; titles are worded as models word them.
"""

from __future__ import annotations

from askcv_pipelines.values import Subject
from tests.llm.adversarial import A, C, E, K, P, Proposed, R, S, T, W, p
from tests.llm.documents import Source

NURSE = """# Appraisal 2026 — Charge nurse Ines Duarte

## What I did this year

This year I set up a falls round on ward 7, and falls went down from 31 to 12 over nine months.
Together with pharmacy I rewrote the discharge checklist; patients now leave about two hours earlier.
I mentored four newly qualified nurses, two of whom have since become team leaders.
When the dialysis unit flooded in February I coordinated the move of 18 patients without an incident.
My proposal for quieter nights was not adopted.
I also stood in as deputy ward manager for six weeks.
Dr Yusuf Demir redesigned the handover sheet.

## Training

- Advanced Life Support (ALS), renewed April 2025
- Completed the wound care module at Saint Brigid University, 2024
- Started the prescribing course, to be finished next spring

## Background

Staff nurse, Moorfield General Hospital, 2014 – 2019
Charge nurse, Lakeside Infirmary, since 2019

## Feedback from others

Paula Reyes (physiotherapist): "Ines always makes time for families and never loses her temper."
"She taught me everything I know about tracheostomies." — Tom Akande, staff nurse

## Goals

1. Cut medication errors on ward 7 by a third.
2. Publish the falls round results.
3. Learn basic Portuguese sign language.
"""

DEV = """# 1:1 Jonas / Mirela — 3 March 2026

Attending: Jonas Weil, Mirela Pop

## Since last time

- Jonas shipped the rate limiter (Go, Redis) to all 9 regions on Thursday.
- p99 latency of checkout is now 180 ms, it was 420 ms; Jonas found the N+1 query.
- Mirela approved the budget for the load tests.
- The Kafka upgrade slipped again and is not done.
- Jonas gave a talk on backpressure at GopherMeet Leipzig.

## Agreed

- Jonas: write the runbook for the limiter by 17 March 2026
- Mirela: talk to legal about the data export
- Jonas will pair with the two new hires on Tuesdays
- Both: look at the hiring plan

## Feedback

Mirela: the incident write-up was the clearest one I have read, well done.
Mirela: you could delegate the smaller tickets more often.
"""

LATER = {
    "nurse": Source("nurse.md", NURSE, Subject("Ines Duarte", ("Ines",)), "performance_review"),
    "dev": Source("dev.md", DEV, Subject("Jonas Weil", ("Jonas",)), "meeting_notes"),
}

LATER_TRUE: tuple[tuple[str, Proposed], ...] = (
    ("nurse", p(K, "I set up a falls round on ward 7, and falls went down from 31 to 12 over nine months", "Set up falls round on ward 7; falls down from 31 to 12 in nine months")),
    ("nurse", p(K, "This year I set up a falls round on ward 7, and falls went down from 31 to 12 over nine months.", "Introduced a falls round on ward 7", metric="from 31 to 12")),
    ("nurse", p(K, "Together with pharmacy I rewrote the discharge checklist; patients now leave about two hours earlier.", "Rewrote discharge checklist with pharmacy, patients leave about 2 hours earlier")),
    ("nurse", p(K, "I mentored four newly qualified nurses, two of whom have since become team leaders.", "Mentored four newly qualified nurses")),
    ("nurse", p(K, "When the dialysis unit flooded in February I coordinated the move of 18 patients without an incident.", "Coordinated moving 18 patients after the dialysis unit flooded")),
    ("nurse", p(K, "I also stood in as deputy ward manager for six weeks.", "Stood in as deputy ward manager for 6 weeks")),
    ("nurse", p(C, "Advanced Life Support (ALS), renewed April 2025", "Advanced Life Support (ALS)", date="2025-04")),
    ("nurse", p(E, "Completed the wound care module at Saint Brigid University, 2024", None, organization="Saint Brigid University", field_of_study="wound care")),
    ("nurse", p(W, "Staff nurse, Moorfield General Hospital, 2014 – 2019", "Staff nurse", organization="Moorfield General Hospital", start_date="2014", end_date="2019")),
    ("nurse", p(W, "Charge nurse, Lakeside Infirmary, since 2019", "Charge nurse", organization="Lakeside Infirmary", start_date="2019")),
    ("nurse", p(T, "Ines always makes time for families and never loses her temper.", None, person="Paula Reyes", role="physiotherapist")),
    ("nurse", p(T, "She taught me everything I know about tracheostomies.", None, person="Tom Akande", role="staff nurse")),
    ("nurse", p(A, "Cut medication errors on ward 7 by a third.", "Cut medication errors on ward 7 by a third", category="goal")),
    ("nurse", p(A, "Publish the falls round results.", "Publish falls round results")),
    ("nurse", p(A, "Learn basic Portuguese sign language.", "Learn basic Portuguese sign language")),
    ("nurse", p(S, "I mentored four newly qualified nurses, two of whom have since become team leaders.", "Mentoring")),
    ("nurse", p(S, "Advanced Life Support (ALS), renewed April 2025", "Advanced Life Support")),
    ("dev", p(K, "Jonas shipped the rate limiter (Go, Redis) to all 9 regions on Thursday.", "Shipped the rate limiter to all 9 regions")),
    ("dev", p(S, "Jonas shipped the rate limiter (Go, Redis) to all 9 regions on Thursday.", "Go")),
    ("dev", p(S, "Jonas shipped the rate limiter (Go, Redis) to all 9 regions on Thursday.", "Redis")),
    ("dev", p(K, "p99 latency of checkout is now 180 ms, it was 420 ms; Jonas found the N+1 query.", "Found the N+1 query; checkout p99 latency from 420 ms to 180 ms")),
    ("dev", p(K, "Jonas found the N+1 query.", "Found the N+1 query", "N+1")),
    ("dev", p("publications", "Jonas gave a talk on backpressure at GopherMeet Leipzig.", "Talk on backpressure", category="talk", organization="GopherMeet Leipzig")),
    ("dev", p(A, "Jonas: write the runbook for the limiter by 17 March 2026", "Write the runbook for the limiter", owner="Jonas", date="2026-03-17")),
    ("dev", p(A, "Jonas will pair with the two new hires on Tuesdays", "Pair with the two new hires on Tuesdays", owner="Jonas Weil")),
    ("dev", p(T, "the incident write-up was the clearest one I have read, well done.", None, person="Mirela Pop")),
    ("dev", p(A, "you could delegate the smaller tickets more often.", "Delegate smaller tickets more often", person="Mirela")),
    ("dev", p(P, "Jonas shipped the rate limiter (Go, Redis) to all 9 regions on Thursday.", "Rate limiter")),
)  # fmt: skip

LATER_FALSE: tuple[tuple[str, Proposed], ...] = (
    ("nurse", p(K, "Dr Yusuf Demir redesigned the handover sheet.", "Redesigned the handover sheet")),
    ("nurse", p(K, "My proposal for quieter nights was not adopted.", "Proposal for quieter nights adopted")),
    ("nurse", p(K, "falls went down from 31 to 12 over nine months", "Falls went down from 31 to 12 over nine weeks", "falls round")),
    ("nurse", p(K, "falls went down from 31 to 12 over nine months", "Falls went up from 12 to 31", "falls round")),
    ("nurse", p(K, "I also stood in as deputy ward manager for six weeks.", "Stood in as deputy ward manager for six months")),
    ("nurse", p(W, "I also stood in as deputy ward manager for six weeks.", "Deputy ward manager", organization="Moorfield General Hospital")),
    ("nurse", p(C, "Started the prescribing course, to be finished next spring", "Prescribing course")),
    ("nurse", p(E, "Started the prescribing course, to be finished next spring", None, organization="Saint Brigid University")),
    ("nurse", p(W, "Staff nurse, Moorfield General Hospital, 2014 – 2019", "Charge nurse", organization="Moorfield General Hospital")),
    ("nurse", p(W, "Charge nurse, Lakeside Infirmary, since 2019", "Head nurse", organization="Lakeside Infirmary")),
    ("nurse", p(K, "Cut medication errors on ward 7 by a third.", "Cut medication errors on ward 7 by a third")),
    ("nurse", p(K, "Publish the falls round results.", "Published the falls round results")),
    ("nurse", p("publications", "Publish the falls round results.", "Falls round results")),
    ("nurse", p(K, "I mentored four newly qualified nurses, two of whom have since become team leaders.", "Mentored four nurses, all of whom became team leaders")),
    ("nurse", p(K, "I mentored four newly qualified nurses, two of whom have since become team leaders.", "Became a team leader")),
    ("nurse", p(S, "Learn basic Portuguese sign language.", "Portuguese sign language", level="expert")),
    ("dev", p(K, "Mirela approved the budget for the load tests.", "Approved the budget for the load tests")),
    ("dev", p(K, "The Kafka upgrade slipped again and is not done.", "Completed the Kafka upgrade")),
    ("dev", p(S, "The Kafka upgrade slipped again and is not done.", "Kubernetes")),
    ("dev", p(K, "p99 latency of checkout is now 180 ms, it was 420 ms; Jonas found the N+1 query.", "Cut checkout latency from 420 s to 180 s")),
    ("dev", p(K, "p99 latency of checkout is now 180 ms, it was 420 ms; Jonas found the N+1 query.", "Cut checkout latency by 180 ms")),
    ("dev", p(A, "Mirela: talk to legal about the data export", "Talk to legal about the data export")),
    ("dev", p(A, "talk to legal about the data export", "Talk to legal about the data export", "Mirela: talk", owner="Jonas")),
    ("dev", p(K, "Jonas: write the runbook for the limiter by 17 March 2026", "Wrote the runbook for the limiter")),
    ("dev", p(R, "Jonas gave a talk on backpressure at GopherMeet Leipzig.", "Best talk at GopherMeet Leipzig")),
    ("dev", p(K, "Jonas shipped the rate limiter (Go, Redis) to all 9 regions on Thursday.", "Shipped the rate limiter to all 19 regions")),
    ("dev", p(K, "Jonas shipped the rate limiter and gave a talk on backpressure", "Shipped the rate limiter and gave a talk", "rate limiter")),
    ("dev", p(K, "you could delegate the smaller tickets more often.", "Delegated the smaller tickets more often")),
)  # fmt: skip
