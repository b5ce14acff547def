"""Acquisition: fetches what sources read. One service, one file."""
