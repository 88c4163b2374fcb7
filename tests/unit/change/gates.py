"""A gate at a real embedded host, with rules that the test speaks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from turnpike.change.collect import Sources
from turnpike.change.gate import AskPolicies
from turnpike.change.merge import Gate
from turnpike.documents.identifiers import digest_of
from turnpike.documents.reading import read
from turnpike.errors import Unavailable
from turnpike.forge.embedded import EmbeddedForge, EmbeddedHost
from turnpike.forge.speaker import SshSpeaker
from turnpike.infrastructure.sign_on import let_in
from turnpike.judge.facts import ProposedPolicies, Tools
from turnpike.judge.layout import ORGANISATION_PATH
from turnpike.judge.policy_input import Answer, Denial, PolicyInput, SubjectAnswer
from turnpike.record.record import Record
from turnpike.registry.interface import RegisteredVersion
from turnpike.topology.organisation import ORGANISATION
from unit.instance.aurora import Aurora, now
from unit.judge.examples import object_id

RULE = "approvals_given"
NO_SCHEMAS = Path("no-schemas.json")
TOOLS = Tools(
    git="2.39.5",
    opa="1.0.0",
    turnpike=object_id("platform"),
    policies=digest_of(b"policies"),
    capabilities=digest_of(b"capabilities"),
    rules=(RULE,),
)


def unexamined(proposed: Mapping[str, bytes]) -> ProposedPolicies:
    """Say nothing against policies; OPA's own word on them is tested with the real OPA."""
    return ProposedPolicies(digest=digest_of(b"".join(proposed.values())), problems=())


@dataclass(frozen=True)
class SmallRegistry:
    """A registry of versions that the test names, none of which can be fetched."""

    known: Mapping[tuple[str, str], RegisteredVersion] = field(default_factory=dict)

    def find(self, name: str, version: str) -> RegisteredVersion | None:
        return self.known.get((name, version))

    def versions(self, name: str) -> tuple[RegisteredVersion, ...]:
        return tuple(one for (known, _), one in self.known.items() if known == name)

    def fetch(self, version: RegisteredVersion, into: Path) -> Path:
        raise Unavailable(f"{version.name} to {into}: the test's registry keeps no bytes")


def ask(batch: tuple[PolicyInput, ...]) -> Answer:
    """Answer as one rule does: every approval must be given."""
    return Answer(results=tuple(_answer(one) for one in batch))


def _answer(one: PolicyInput) -> SubjectAnswer:
    missing = [need for need in one.requirements if need.missing]
    denials = tuple(
        Denial(code="approvals-missing", message="m", expected=n.group, actual="0", solution="s")
        for n in missing
    )
    return SubjectAnswer(rules=(RULE,), denials=denials)


def _forge(aurora: Aurora) -> EmbeddedForge:
    """Return the host as its bot sees it: what the gate writes, it writes into the host itself."""
    content = aurora.host.read(aurora.main(), ORGANISATION_PATH) or b""
    organisation = read(ORGANISATION, content, ORGANISATION_PATH)
    host = EmbeddedHost(aurora.host, aurora.instance.genesis, organisation)
    speaker = SshSpeaker("turnpike-bot", aurora.instance.person_key("turnpike-bot"))
    return EmbeddedForge(host, aurora.host, now, speaker)


def gate_of(aurora: Aurora, rules: AskPolicies = ask) -> Gate:
    record, forge = Record(aurora.host), _forge(aurora)
    return Gate(
        sources=Sources(
            aurora.host, record, SmallRegistry(), unexamined, NO_SCHEMAS, forge.observations, let_in
        ),
        forge=forge,
        ask=rules,
        genesis=aurora.instance.genesis,
        tools=lambda _: TOOLS,
        clock=now,
    )
