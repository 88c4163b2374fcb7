"""What all outlooks of one main share, and what stands on it: read elsewhere, judged nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import Problem
from turnpike.judge.decision import Debt
from turnpike.judge.layout import ModelKey
from turnpike.manifest.release import Release
from turnpike.promotion.brief import Brief
from turnpike.topology.environment import Environment
from turnpike.topology.key import Key
from turnpike.topology.organisation import Organisation
from turnpike.topology.stop import Stop
from turnpike.topology.waiver import Waiver
from turnpike.topology.window import Schedule


@dataclass(frozen=True, slots=True)
class Ground:
    """Who, where and when, from one commit of main; ``problems`` are the files that can't be read.

    What can't be read is not there: an environment that is not listed is closed. ``debts`` are
    those that no settlement on main pays.
    """

    main: ObjectId
    organisation: Organisation
    environments: Mapping[str, Environment]
    schedule: Schedule | None = None
    stops: Mapping[str, Stop] = field(default_factory=dict)
    waivers: Mapping[str, Waiver] = field(default_factory=dict)
    keys: tuple[Key, ...] = ()
    debts: tuple[Debt, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Fleet:
    """Every model of a main: the blob of its manifest, and its releases by path.

    ``briefs`` hold each manifest that main has or a release names, by blob; one that can't be read
    is in ``unreadable`` instead, with the first thing that is wrong.
    """

    manifests: Mapping[ModelKey, ObjectId]
    releases: Mapping[str, Release]
    briefs: Mapping[ObjectId, Brief]
    unreadable: Mapping[ObjectId, str] = field(default_factory=dict)
