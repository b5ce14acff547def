"""Counts of requests, for whoever watches the backend. They name routes, never addresses or persons."""

from __future__ import annotations

import threading
from collections import Counter


class Metrics:
    """Requests and the time they took, by method, route and status; since the process started."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._seconds: Counter[tuple[str, str, int]] = Counter()

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        key = (method, route, status)
        with self._lock:
            self._requests[key] += 1
            self._seconds[key] += seconds  # type: ignore[assignment]

    def text(self) -> str:
        """In the text format that Prometheus reads."""
        with self._lock:
            requests, seconds = dict(self._requests), dict(self._seconds)
        lines = ["# TYPE askcv_requests_total counter"]
        lines += [f"askcv_requests_total{_labels(key)} {value}" for key, value in sorted(requests.items())]
        lines += ["# TYPE askcv_request_seconds_total counter"]
        lines += [f"askcv_request_seconds_total{_labels(key)} {value:.6f}" for key, value in sorted(seconds.items())]
        return "\n".join(lines) + "\n"


def _labels(key: tuple[str, str, int]) -> str:
    method, route, status = key
    return f'{{method="{method}",route="{route}",status="{status}"}}'
