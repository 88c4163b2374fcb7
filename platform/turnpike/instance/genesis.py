"""The first facts of an instance, about its genesis; ``judge/genesis.py`` decides on them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from turnpike.documents.identifiers import ObjectId, digest_of
from turnpike.documents.reading import read
from turnpike.judge.facts import Documents, Facts, Merge, RecordTip, Tools
from turnpike.judge.layout import CLOUDS_PATH, CODEOWNERS_PATH, SCHEDULE_PATH, environment_of
from turnpike.opa.bundle import CAPABILITIES, digest_of_policies, policy_dates, rules_in
from turnpike.opa.metadata import waivable_codes
from turnpike.topology.clouds import CLOUDS, Clouds
from turnpike.topology.environment import ENVIRONMENT
from turnpike.topology.key import Key
from turnpike.topology.organisation import Organisation
from turnpike.topology.window import SCHEDULE, Schedule


@dataclass(frozen=True, slots=True)
class Genesis:
    """A genesis commit and what it holds; ``files`` are its CODEOWNERS, policies, environments."""

    commit: ObjectId
    tree: ObjectId
    code: ObjectId
    git: str
    organisation: Organisation
    keys: tuple[Key, ...]
    files: Mapping[str, bytes]
    when: datetime


def facts_of(genesis: Genesis) -> Facts:
    """Return the facts about a genesis: there was nothing before it, and no policy was asked.

    Raises InvalidDocument where an environment is malformed: nothing could be judged on that base.
    """
    commit, tree = genesis.commit, genesis.tree
    return Facts(
        api_version="turnpike.dev/v1",
        kind="Facts",
        clock=genesis.when,
        tools=_tools(genesis),
        merge=Merge(genesis=commit, base=commit, head=commit, base_tree=tree, merge_tree=tree),
        commits=(),
        changes=(),
        unreadable=(),
        base=Documents(),
        head=_documents(genesis),
        keys=tuple(sorted(genesis.keys, key=lambda key: key.id)),
        evidence=(),
        admissions=(),
        pull_request=None,
        proposed_policies=None,
        registry=(),
        earlier=(),
        record=RecordTip(tip=None, previous=None, last_clock=None),
    )


def _tools(genesis: Genesis) -> Tools:
    policies = {p: c for p, c in genesis.files.items() if p.startswith("policies/")}
    return Tools(
        git=genesis.git,
        opa="not asked",
        turnpike=genesis.code,
        policies=digest_of_policies(policies),
        capabilities=digest_of(policies.get(CAPABILITIES, b"")),
        rules=rules_in(policies),
        policy_dates=policy_dates(policies),
        waivable=waivable_codes(policies),
    )


def _schedule(genesis: Genesis) -> Schedule | None:
    content = genesis.files.get(SCHEDULE_PATH)
    return read(SCHEDULE, content, SCHEDULE_PATH) if content is not None else None


def _clouds(genesis: Genesis) -> Clouds | None:
    content = genesis.files.get(CLOUDS_PATH)
    return read(CLOUDS, content, CLOUDS_PATH) if content is not None else None


def _documents(genesis: Genesis) -> Documents:
    named = {path: name for path in genesis.files if (name := environment_of(path))}
    return Documents(
        environments={
            name: read(ENVIRONMENT, genesis.files[path], path)
            for path, name in sorted(named.items())
        },
        schedule=_schedule(genesis),
        clouds=_clouds(genesis),
        organisation=genesis.organisation,
        codeowners=genesis.files[CODEOWNERS_PATH].decode("utf-8", "replace"),
        contents={path: digest_of(content) for path, content in sorted(genesis.files.items())},
    )
