"""Explain a denial: find what would turn it into an allow, by deciding again and again.

1. Suppose that everything had been done which the findings' remedies ask for, and decide. What is
   then found against the change asks for more; repeat, until it is allowed.
2. Leave out each single item, all of them judged in one question to the policies. What is allowed
   without an item did not need it.
3. Where few items are known, look for a smaller set among all of them.

A finding without a remedy that can be tried is taken as settled, and said to be so.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from turnpike.documents.identifiers import Digest
from turnpike.explain.candidates import Reason, reasons_against, settled_by, unsettled
from turnpike.explain.core_remedies import content_of
from turnpike.explain.explanation import Explanation, Needed
from turnpike.explain.remedy_text import needed_of
from turnpike.explain.search import Found, Items, irredundant, smallest
from turnpike.judge.hypothesis import Hypothesis, Supposed, as_it_is, suppose
from turnpike.judge.policy_input import Answer, PolicyInput
from turnpike.judge.queries import CHANGE
from turnpike.judge.remedy import (
    ApprovalRemedy,
    CheckRemedy,
    ContentRemedy,
    MetricRemedy,
    RecordsRemedy,
    StatementRemedy,
)
from turnpike.judge.situation import Situation

Ask = Callable[[tuple[PolicyInput, ...]], Answer]
"""Puts one batch to the policies, as for a decision."""

_HELPFUL = (
    ApprovalRemedy | StatementRemedy | CheckRemedy | MetricRemedy | RecordsRemedy | ContentRemedy
)
"""What never turns an allow into a denial: more approvals, more good evidence, work done."""
_MOST_ROUNDS = 8
_MOST_OPTIONS = 3
_FORESIGHT = 200
"""Of so many queries in all, leaving out each item is asked about before it must be."""
_FEW_QUERIES = 16
"""Of a change with more, the few that an item bears on are asked first."""


def explain(situation: Situation, facts: Digest, answer: Answer, ask: Ask) -> Explanation:
    """Return what would turn the denial of a change in this situation into an allow.

    ``facts`` is the digest of the situation's facts, as the decision names it; ``answer`` is what
    the policies said of them. Raises Unavailable where they do not answer any more.
    """
    search = _Search(as_it_is(situation), ask)
    search.start(answer)
    merges = situation.facts.merge.merge_tree
    found = search.best(search.plans()) if merges else search.unmerged()
    return Explanation(
        api_version="turnpike.dev/v1",
        kind="Explanation",
        facts=facts,
        flips=search.is_flipped_by(found.items),
        smallest=found.is_smallest,
        hypotheses=search.decided,
        needed=search.needed(found.items),
    )


@dataclass(slots=True)
class _Search:
    """Everything that was thought of, by number, and what stands against each set of it."""

    change: Hypothesis
    ask: Ask
    items: list[Supposed] = field(default_factory=list)
    solutions: list[str] = field(default_factory=list)
    known: dict[Items, tuple[Reason, ...]] = field(default_factory=dict)
    verdicts: dict[Items, bool] = field(default_factory=dict)

    def start(self, answer: Answer) -> None:
        """Take down what stands against the change as it is."""
        self.known[frozenset()] = reasons_against(self.change, answer, frozenset())

    @property
    def decided(self) -> int:
        return len(self.verdicts.keys() | self.known.keys())

    def plans(self) -> tuple[Items, ...]:
        """Return sets that pass: one for each rank of the findings' options, where they differ."""
        plans = [frozenset[int]()] * _MOST_OPTIONS
        for _ in range(_MOST_ROUNDS):
            against = self.reasons([*plans, *self._foreseen(plans[0])])[: len(plans)]
            if not any(against):
                break
            plans = [
                self._more(plan, rank, reasons)
                for rank, (plan, reasons) in enumerate(zip(plans, against, strict=True))
            ]
        passing = [plan for plan, ok in zip(plans, self.passes(plans), strict=True) if ok]
        return tuple(dict.fromkeys(passing)) or (self._all_settled(),)

    def _foreseen(self, plan: Items) -> list[Items]:
        """Asked about together with the plan itself, which saves a question where it passes."""
        cost = len(plan) * len(self.change.queries)
        return _each_left_out(plan) if cost <= _FORESIGHT else []

    def _more(self, plan: Items, rank: int, reasons: Sequence[Reason]) -> Items:
        """Return the plan with what the reasons against it ask for in addition.

        Where the change must lose files, that comes first: of what is left out nothing is asked.
        """
        narrowing = [reason for reason in reasons if reason.narrows]
        chosen = narrowing or reasons
        return plan.union(*(self._addition(plan, rank, reason) for reason in chosen))

    def _addition(self, plan: Items, rank: int, reason: Reason) -> Items:
        solution = reason.finding.solution
        for option in reason.from_rank(rank):
            numbers = frozenset(self._number(one, solution) for one in option)
            if numbers - plan:
                return numbers
        return frozenset((self._number(content_of(reason.finding), solution),))

    def _all_settled(self) -> Items:
        """Return the plan of last resort, in which nothing but the author's own work helps."""
        (reasons,) = self.reasons([frozenset()])
        contents = ((content_of(one.finding), one.finding.solution) for one in reasons)
        return frozenset(self._number(content, solution) for content, solution in contents)

    def unmerged(self) -> Found:
        """Of a change that does not merge nothing more is known than that."""
        conflicts = (r for r in self.known[frozenset()] if r.finding.code == "change.conflict")
        contents = ((content_of(one.finding), one.finding.solution) for one in conflicts)
        items = frozenset(self._number(content, solution) for content, solution in contents)
        return Found(items, is_smallest=True)

    def is_flipped_by(self, items: Items) -> bool:
        """Tell whether the items, all of which could be tried, turn the denial into an allow."""
        return all(map(self._is_tried, items)) and self.passes([items])[0]

    def _number(self, one: Supposed, solution: str) -> int:
        for number, known in enumerate(self.items):
            if known.key == one.key:
                return number
        self.items.append(one)
        self.solutions.append(solution)
        return len(self.items) - 1

    def best(self, plans: Iterable[Items]) -> Found:
        """Return what is needed of the best plan: least to be taken on trust, then fewest items."""
        found = [irredundant(plan, self.passes) for plan in plans]
        best = min(found, key=lambda one: self._burden(one.items))
        tried = frozenset(n for n in range(len(self.items)) if self._is_tried(n))
        universe = tried | best.items
        helpful = frozenset(n for n in universe if isinstance(self.items[n].remedy, _HELPFUL))
        return smallest(best, universe, helpful, self.passes)

    def _burden(self, items: Items) -> tuple[int, int, list[int]]:
        return sum(not self._is_tried(n) for n in items), len(items), sorted(items)

    def _is_tried(self, number: int) -> bool:
        return not isinstance(self.items[number].remedy, ContentRemedy)

    def passes(self, sets: Sequence[Items]) -> Sequence[bool]:
        """Tell for each set whether the change would be allowed with it carried out."""
        self.verdicts.update((one, not reasons) for one, reasons in self.known.items())
        if len(self.change.queries) > _FEW_QUERIES:
            self._refuse_early(self._new(sets, self.verdicts))
        asked = {one: self._supposed(one) for one in self._new(sets, self.verdicts)}
        for one, answer in self._answered(asked):
            self.verdicts[one] = not unsettled(asked[one], answer, settled_by(self._of(one)))
        return [self.verdicts[one] for one in sets]

    def _refuse_early(self, sets: Sequence[Items]) -> None:
        """Ask only about what the items that a set lacks bear on: a denial there is one anyhow."""
        everything = frozenset[int]().union(*sets)
        asked = {one: self._supposed(one, self._of(everything - one)) for one in sets}
        for one, answer in self._answered(asked):
            if unsettled(asked[one], answer, settled_by(self._of(one))):
                self.verdicts[one] = False

    def reasons(self, sets: Sequence[Items]) -> list[tuple[Reason, ...]]:
        """Return what stands against each set, all new ones decided by one question."""
        asked = {one: self._supposed(one) for one in self._new(sets, self.known)}
        for one, answer in self._answered(asked):
            self.known[one] = reasons_against(asked[one], answer, settled_by(self._of(one)))
        return [self.known[one] for one in sets]

    def _new(self, sets: Sequence[Items], known: Container[Items]) -> list[Items]:
        return [one for one in dict.fromkeys(sets) if one not in known]

    def _of(self, items: Items) -> list[Supposed]:
        return [self.items[number] for number in sorted(items)]

    def _supposed(self, items: Items, lacking: Iterable[Supposed] | None = None) -> Hypothesis:
        """Suppose a set; asked about in the whole, or where it ``lacks`` something alone."""
        only = None if lacking is None else {CHANGE.id, *(one.about.id for one in lacking)}
        return suppose(self.change, self._of(items), only)

    def _answered(self, asked: Mapping[Items, Hypothesis]) -> Iterator[tuple[Items, Answer]]:
        """Yield what the policies say of each set, all of them asked by one question."""
        queries = tuple(query for one in asked.values() for query in one.queries)
        results = iter(self.ask(queries).results if queries else ())
        for items, hypothesis in asked.items():
            yield items, Answer(results=tuple(islice(results, len(hypothesis.queries))))

    def needed(self, items: Items) -> tuple[Needed, ...]:
        """Return the items in words, approvals of one group together."""
        chosen = [(self.items[number], self.solutions[number]) for number in sorted(items)]
        return tuple(needed_of(self.change.situation.facts, chosen))


def _each_left_out(plan: Items) -> list[Items]:
    return [plan - {item} for item in sorted(plan)]
