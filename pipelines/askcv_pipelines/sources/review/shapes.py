"""The shapes of review exports that are recognised, the narrower ones first.

A shape is a function of the parsed JSON. It gives the remarks in the file's order, or None where the file is of another
shape.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from askcv_pipelines.sources.review import gerrit, github, gitlab, slack, threads
from askcv_pipelines.sources.review.remark import Remark

SHAPES: tuple[Callable[[Any], list[Remark] | None], ...] = (
    slack.export,
    gitlab.discussions,
    gerrit.comments,
    github.pull_request,
    github.list_of_comments,
    threads.thread,
)
