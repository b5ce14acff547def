"""What the rules of the ``rules`` extractor are believed to weigh before any document is seen, in log odds.

Training starts from these and moves away only where the labelled documents say so (a Gaussian prior), so that a rule
that few documents show keeps its weight.
"""

from __future__ import annotations

AGAINST = {
    "X:others": -3.0, "X:short": -1.5, "X:introduces": -2.5, "X:pleasantry": -2.5, "X:instruction": -2.0,
    "X:bot": -5.0, "X:question": -2.0, "X:why": -1.5, "X:empty": -3.0,
}  # fmt: skip

RULED = {"work_experience", "publications", "certifications", "education", "awards"}
"""Too rare to learn from: the rules alone decide, from a log odds of ``RARE`` that anything is one."""
RARE = -4.0

PRIORS: dict[str, dict[str, float]] = {
    "coaching_action_items": {
        **AGAINST,
        "A:owner": 2.5, "A:owner-cell": 1.5, "A:section-item": 2.0, "A:section-cell": 1.0, "A:section-paragraph": 0.5,
        "A:open": 2.0, "A:named-start": 2.5, "A:named-in": 1.5, "A:named-pronoun": 1.8, "A:named": 0.8, "A:asked": 2.0,
        "A:ordered": 1.8, "A:requested": 1.5, "A:defect": 1.2, "A:commits": 0.8, "A:commits-self": 2.0, "A:advice": 0.8, "A:advice-to": 1.0,
        "A:told": 1.2, "A:wish": 0.5, "A:imperative-few": 1.5, "A:imperative-many": 0.3, "A:asked-by-name": 2.5, "A:asked-you": 1.5, "A:suggestion": 4.0, "X:own-suggestion": -5.0, "A:listed": 0.5,
        "K:checked": -5.0, "K:checked-more": -3.0, "K:did": -1.0, "K:i-did": -1.0, "K:named": -1.0,
    },
    "knowledge_entries": {
        **AGAINST,
        "K:checked": 2.5, "K:checked-more": -0.5, "K:now": 0.7, "K:rating": 1.5, "K:figure": 0.7, "K:did": 1.2, "K:i-did": 1.0, "K:named": 2.0, "K:mentioned": 0.7, "K:outcome": 0.8,
        "K:section-item": 0.8, "K:section-cell": 0.4, "K:section-paragraph": 0.4, "K:learned": 0.8, "K:change": 1.2,
        "K:describes": 0.8, "K:self-did": 1.0, "K:they-did": 1.0,
        "A:owner": -1.5, "A:open": -2.0, "A:section-item": -1.0, "A:advice": -0.5, "A:commits": -1.0, "A:wish": -0.5,
    },
    "testimonials": {
        **AGAINST,
        "T:reviewer": 1.5, "T:praise": 1.2, "T:of-person": 1.2, "T:third": 0.8, "T:quoted": 0.8, "T:signed": 2.5, "T:they-did": 0.3,
        "K:checked": -2.0, "A:advice": -0.8,
    },
    "projects": {**AGAINST, "P:thing": 0.5, "P:aim": 1.5, "P:named": 1.0, "P:opens": 3.0},
    "work_experience": {**AGAINST, "W:hired": 1.5, "W:employer": 2.0, "W:mine": 2.0, "W:listed": 5.5},
    "publications": {**AGAINST, "B:published": 5.0, "B:section": 5.0, "X:read": -4.0, "A:section-item": -1.0},
    "certifications": {**AGAINST, "C:certificate": 5.0, "C:listed": 5.0},
    "education": {**AGAINST, "E:study": 5.0, "E:listed": 5.0},
    "awards": {**AGAINST, "R:award": 5.0, "R:listed": 5.0},
    "skills": {
        "use": 0.7, "wished": -0.5, "praised": 0.5, "origin=own": 0.8, "origin=public": -0.8, "certain=everyday": -0.8,
        "certain=named": 0.5, "means=skills": 1.5, "role=bot": -3.0, "who=other": -0.7,
    },
}  # fmt: skip
