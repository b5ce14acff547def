"""Every SQL statement of the backend, and nothing but SQL: callers give a connection and the time."""
