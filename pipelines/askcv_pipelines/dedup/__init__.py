"""Duplicate decisions: an ``Item`` against everything known → ``New | Duplicate | Review``, each with its reason.

facts      an item as it is compared: words, figures, moments, fields
index      candidates: the nearest known texts
compare    two items: agreements and differences (``skills`` for names of skills)
score      how surely they are one, and what follows
adjudication  the review band, put to a model
known      everything known, and the decision
"""
