"""Calls what is not ours: a library, a model, a check. Whatever it raises is an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Foreign = Any  # objects of libraries that ship no types

Value = TypeVar("Value")


@dataclass(frozen=True)
class Returned(Generic[Value]):
    """What a call returned."""

    value: Value


@dataclass(frozen=True)
class Raised:
    """What a call raised instead."""

    error: BaseException

    @property
    def said(self) -> str:
        """Name the kind of the error, and what it says."""
        return f"{type(self.error).__name__}: {self.error}"


def call(act: Callable[[], Value]) -> Returned[Value] | Raised:
    """Return how a call ended: not even an exit of what is called ends us."""
    try:
        return Returned(act())
    except BaseException as error:  # noqa: BLE001 - what is not ours may raise anything
        return Raised(error)
