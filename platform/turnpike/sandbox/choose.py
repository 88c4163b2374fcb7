"""Which sandbox this machine offers: a container engine, else bubblewrap, else none."""

from __future__ import annotations

import os

from turnpike.errors import Unavailable, UsageError
from turnpike.sandbox.bubblewrap import find_bubblewrap
from turnpike.sandbox.container import Container
from turnpike.sandbox.engine import find_engine
from turnpike.sandbox.interface import Sandbox
from turnpike.sandbox.leftovers import remove_leftovers


def choose(preference: str | None = None) -> Sandbox:
    """Return the sandbox that was asked for, or the first that works here.

    Raises UsageError for an unknown name, Unavailable (``sandbox.none``) when there is none.
    """
    if preference is None:
        return _first()
    if preference == "container":
        return _container()
    if preference == "bubblewrap":
        return find_bubblewrap()
    raise UsageError(
        f"Expected the sandbox container or bubblewrap, got {preference}.",
        solution="Choose one of the two, or leave the choice out.",
    )


def _container() -> Container:
    engine = find_engine(os.environ)
    remove_leftovers(engine)
    return Container(engine)


def _first() -> Sandbox:
    try:
        return _container()
    except Unavailable as no_container:
        return _bubblewrap(no_container)


def _bubblewrap(no_container: Unavailable) -> Sandbox:
    try:
        return find_bubblewrap()
    except Unavailable as no_bubblewrap:
        raise Unavailable(
            "Nothing here can confine a pull request's code, so nothing was validated. "
            f"{no_container.message} {no_bubblewrap.message}",
            code="sandbox.none",
            solution=no_bubblewrap.solution,
        ) from no_container
