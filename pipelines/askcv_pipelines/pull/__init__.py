"""Acquisition: fetches what sources read. One module per service, its name in front; what lies at an address is one.

``address`` fetches a document when it is read. The pull of a service with many documents writes one file for each, in
the form that a source reads; it can be stopped at any moment and run again: what was fetched stays, and what has not
changed since is not fetched twice.
"""
