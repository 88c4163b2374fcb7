"""What ``turnpike notify`` asks of whatever is told."""

from __future__ import annotations

from typing import Protocol

from turnpike.notifying.event import Event


class Sink(Protocol):
    """A receiver of events, told one at a time and in order.

    ``key`` names it for its cursor and is never printed: it may hold a secret.
    """

    @property
    def key(self) -> str:
        """Return what tells this receiver from every other one."""
        ...

    def __str__(self) -> str:
        """Return its name for people, without any secret."""
        ...

    def send(self, event: Event) -> None:
        """Hand an event over; returning means that the receiver has it.

        Raises Unavailable where trying later may help, CannotDecide where it won't, Interrupted
        where it was asked to stop while it waited.
        """
        ...
