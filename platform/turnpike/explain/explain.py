"""Explain a denial: find what would turn it into an allow, by deciding again and again.

1. Suppose that everything had been done which the findings' remedies ask for, and decide. What is
   then found against the change asks for more; repeat, until it is allowed.
2. Leave out each single item, all of them judged in one question to the policies. What is allowed
   without an item did not need it.
3. Where few items are known, look for a smaller set among all of them.

A finding without a remedy that can be tried is taken as settled, and said to be so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from turnpike.documents.canonical import digest_of_document
from turnpike.explain.candidates import Reason, reasons_against, settled_by
from turnpike.explain.core_remedies import content_of
from turnpike.explain.explanation import Explanation, Needed
from turnpike.explain.remedy_text import needed_of
from turnpike.explain.search import Found, Items, irredundant, smallest
from turnpike.judge.facts import Facts
from turnpike.judge.hypothesis import Hypothesis, Supposed, suppose
from turnpike.judge.policy_input import Answer, PolicyInput
from turnpike.judge.queries import queries_about
from turnpike.judge.remedy import ContentRemedy
from turnpike.judge.situation import Situation, situation_of

Ask = Callable[[tuple[PolicyInput, ...]], Answer]
"""Puts one batch to the policies, as for a decision."""

_MOST_ROUNDS = 8
_MOST_OPTIONS = 3
_FORESIGHT = 12


def explain(facts: Facts, answer: Answer, ask: Ask) -> Explanation:
    """Return what would turn the denial of these facts into an allow.

    ``answer`` is what the policies said of the facts themselves. Raises Unavailable where they do
    not answer any more.
    """
    search = _Search(situation_of(facts), ask)
    search.start(answer)
    found = search.best(search.plans()) if facts.merge.merge_tree else search.unmerged()
    return Explanation(
        api_version="turnpike.dev/v1",
        kind="Explanation",
        facts=digest_of_document(facts),
        flips=search.is_flipped_by(found.items),
        smallest=found.is_smallest,
        hypotheses=search.decided,
        needed=search.needed(found.items),
    )


@dataclass(slots=True)
class _Search:
    """Everything that was thought of, by number, and what stands against each set of it."""

    situation: Situation
    ask: Ask
    items: list[Supposed] = field(default_factory=list)
    solutions: list[str] = field(default_factory=list)
    known: dict[Items, tuple[Reason, ...]] = field(default_factory=dict)

    def start(self, answer: Answer) -> None:
        """Take down what stands against the change as it is."""
        as_it_is = Hypothesis(self.situation, queries_about(self.situation))
        self.known[frozenset()] = reasons_against(as_it_is, answer, frozenset())

    @property
    def decided(self) -> int:
        return len(self.known)

    def plans(self) -> tuple[Items, ...]:
        """Return sets that pass: one for each rank of the findings' options, where they differ."""
        plans = [frozenset[int]()] * _MOST_OPTIONS
        for _ in range(_MOST_ROUNDS):
            against = self.reasons([*plans, *_each_left_out(plans[0])])[: len(plans)]
            if not any(against):
                break
            plans = [
                self._more(plan, rank, reasons)
                for rank, (plan, reasons) in enumerate(zip(plans, against, strict=True))
            ]
        passing = [plan for plan, ok in zip(plans, self.passes(plans), strict=True) if ok]
        return tuple(dict.fromkeys(passing)) or (self._all_settled(),)

    def _more(self, plan: Items, rank: int, reasons: Iterable[Reason]) -> Items:
        """Return the plan with what the reasons against it ask for in addition."""
        return plan.union(*(self._new(plan, rank, reason) for reason in reasons))

    def _new(self, plan: Items, rank: int, reason: Reason) -> Items:
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
        found = [(irredundant(plan, self.passes), plan) for plan in plans]
        best, plan = min(found, key=lambda pair: self._burden(pair[0].items))
        others = frozenset(n for n in range(len(self.items)) if self._is_tried(n))
        return best if others <= plan else smallest(best, others | best.items, self.passes)

    def _burden(self, items: Items) -> tuple[int, int, list[int]]:
        return sum(not self._is_tried(n) for n in items), len(items), sorted(items)

    def _is_tried(self, number: int) -> bool:
        return not isinstance(self.items[number].remedy, ContentRemedy)

    def passes(self, sets: Sequence[Items]) -> Sequence[bool]:
        """Tell for each set whether the change would be allowed with it carried out."""
        return [not reasons for reasons in self.reasons(sets)]

    def reasons(self, sets: Sequence[Items]) -> list[tuple[Reason, ...]]:
        """Return what stands against each set, all new ones decided by one question."""
        new = [one for one in dict.fromkeys(sets) if one not in self.known]
        supposed = [[self.items[number] for number in sorted(one)] for one in new]
        hypotheses = [suppose(self.situation, one) for one in supposed]
        queries = tuple(query for one in hypotheses for query in one.queries)
        results = iter(self.ask(queries).results if queries else ())
        for items, carried_out, hypothesis in zip(new, supposed, hypotheses, strict=True):
            answer = Answer(results=tuple(islice(results, len(hypothesis.queries))))
            settled = settled_by(carried_out)
            self.known[items] = reasons_against(hypothesis, answer, settled)
        return [self.known[one] for one in sets]

    def needed(self, items: Items) -> tuple[Needed, ...]:
        """Return the items in words, approvals of one group together."""
        chosen = [(self.items[number], self.solutions[number]) for number in sorted(items)]
        return tuple(needed_of(self.situation.facts, chosen))


def _each_left_out(plan: Items) -> list[Items]:
    """Asked about together with the plan itself, which saves a question where the plan passes."""
    return [plan - {item} for item in sorted(plan)] if len(plan) <= _FORESIGHT else []
