"""What verbs that judge do where the ground of a judgement is broken: they decide nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from turnpike.errors import CannotDecide, IntegrityError


@contextmanager
def decides_nothing_when_broken() -> Iterator[None]:
    """Turn something that is not what its digest says into no decision, exit code 3.

    Elsewhere it ends with 1, as what a check of it found; here 1 says that the judge said no. Code,
    message and next step stay. Also a decorator.
    """
    try:
        yield
    except IntegrityError as error:
        raise CannotDecide(error.message, solution=error.solution, code=error.code) from error
