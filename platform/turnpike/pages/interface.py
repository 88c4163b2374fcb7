"""What the door needs of the rest: pages by their path, and a person's sight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from turnpike.judge.sight import Sight


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks: the id of a person, or empty where nobody need sign in; and what they may see."""

    person: str
    sight: Sight


class Site(Protocol):
    """Pages that are made from main as it stands at the request."""

    @property
    def paths(self) -> frozenset[str]:
        """Return the paths of all pages."""
        ...

    def visitor(self, account: str) -> Visitor:
        """Return who holds an account, by main; raises InputError for an account of nobody."""
        ...

    def page(self, path: str, visitor: Visitor) -> str | None:
        """Return a page as HTML; None where the visitor may not see it."""
        ...
