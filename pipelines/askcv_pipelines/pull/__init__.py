"""Acquisition: what sources read, fetched from the services that have it. One module per service, its name in front.

A pull writes one file per document, in the form that a source reads. It can be stopped at any moment and run again:
what was fetched stays, and what has not changed since is not fetched twice.
"""
