"""Judge a change before anybody opens it: the real judge, main's policies, one question to OPA."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from turnpike.change.collect import Question, collect
from turnpike.change.conformance import held_against_schemas
from turnpike.change.gate import AskPolicies
from turnpike.change.merge import require_record
from turnpike.cli.wiring import House, now
from turnpike.documents.identifiers import ObjectId
from turnpike.errors import CannotDecide
from turnpike.git.objects import Identity
from turnpike.judge.decide import findings_against
from turnpike.judge.decision import Finding
from turnpike.judge.facts import Facts
from turnpike.judge.policy_input import Answer
from turnpike.judge.portion import Whole
from turnpike.judge.queries import queries_about
from turnpike.judge.requirements import APPROVALS_MISSING
from turnpike.judge.situation import situation_of
from turnpike.promotion.train import Group, Objections, objections_in

_NOBODY = Identity("Turnpike", "trial@turnpike.dev")


@dataclass(frozen=True, slots=True)
class Trial:
    """One change as it would be, and what answers for the policies of the main it is based on.

    Approvals come once it is open; all else that the gate would say, it says here already.
    """

    whole: Whole
    ask: AskPolicies

    @classmethod
    def of(cls, house: House, main: ObjectId, files: Mapping[str, bytes | None]) -> Trial:
        """Collect the facts about files on a main; their commit is on no branch, and does nothing.

        The record is read as it was before the clock, as the gate does.
        """
        repository = house.host
        record = house.record.at(require_record(house.record))
        policies = house.policies()
        policies.load()
        tree, moment = repository.write_tree_with(main, files), now()
        head = repository.write_commit(tree, (main,), _NOBODY, _NOBODY, "A trial\n", moment)
        tools = policies.tools(repository, main)
        question = Question(house.instance.genesis, main, head, None, (), moment, tools)
        sources = house.sources(repository, record, policies)
        facts = held_against_schemas(collect(sources, question), sources.schemas)
        return cls(Whole.of(facts), policies.ask)

    def objections(self, parts: Sequence[Sequence[Group]]) -> list[Objections]:
        """Return what stands against each part of the change, judged as one of its own."""
        models = [[move.model for group in part for move in group] for part in parts]
        facts = [self.whole.part(keys) for keys in models]
        found = _findings(facts, self.ask)
        return [objections_in(said, keys) for said, keys in zip(found, models, strict=True)]


def _findings(facts: Sequence[Facts], ask: AskPolicies) -> list[list[Finding]]:
    """Judge several changes by one question; raises CannotDecide for an answer to another one."""
    situations = [situation_of(one) for one in facts]
    batches = [queries_about(one) for one in situations]
    queries = tuple(query for batch in batches for query in batch)
    results = iter(ask(queries).results if queries else ())
    found = []
    for situation, batch in zip(situations, batches, strict=True):
        answer = Answer(results=tuple(result for _, result in zip(batch, results, strict=False)))
        said = findings_against(situation, batch, answer)
        found.append([one for one in said if one.code != APPROVALS_MISSING])
    if next(results, None) is not None:
        raise CannotDecide(
            f"expected OPA's answers about {len(queries)} subjects, got more",
            code="policy.not-evaluated",
            solution="Run the same command again.",
        )
    return found
