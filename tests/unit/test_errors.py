"""The error tree: complete, sorted, drawn as it is."""

from __future__ import annotations

import inspect

from askcv_agents import errors


def test_all_is_sorted_and_complete() -> None:
    defined = {
        name for name, value in vars(errors).items() if inspect.isclass(value) and value.__module__ == errors.__name__
    }
    assert list(errors.__all__) == sorted(defined)


def test_the_docstring_draws_every_error() -> None:
    tree = errors.__doc__ or ""
    for name, value in vars(errors).items():
        if inspect.isclass(value) and issubclass(value, errors.AskcvError):
            assert f" {name} " in tree, name
            assert value.__doc__
