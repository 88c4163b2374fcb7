"""However a rollout goes: no step skipped, none without its analysis, and always a way back."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from turnpike.documents.identifiers import digest_of
from turnpike.judge.facts import EarlierRelease
from turnpike.judge.layout import DeploymentKey
from turnpike.judge.rollback import is_rollback
from turnpike.judge.rollout import Progress, progress_of, rest_of, rollout_for
from turnpike.manifest.release import Release
from turnpike.topology.rollout import Rollout, Step, faults_of, targets_of
from unit.judge.deployed import FACTS, RELEASE
from unit.judge.examples import model, object_id
from unit.rollouts import step, stepping

NAMES = ("eu", "us", "asia")


def version(number: int, traffic: int = 100) -> Release:
    """Return the release of some version."""
    bytes_and_manifest = {
        "version": str(number),
        "artifact": digest_of(b"bytes %d" % number),
        "manifest": object_id(f"manifest {number}"),
    }
    return RELEASE.model_copy(update={**bytes_and_manifest, "traffic": traffic})


OLD, NEW, NEWER = version(1), version(2), version(3)
THREE = (step(0), step(10), step(100, last=True))
BY_REGION = (
    step(10, "eu"),
    step(100, "eu"),
    step(50, "us", "asia"),
    step(100, "us", "asia", last=True),
)


def progress(standing: dict[str, Release], *steps: Step, candidate: Release = NEW) -> Progress:
    rollout = Rollout(on_failure="hold", steps=steps)
    return Progress(rollout, NAMES, standing, candidate.what)


def shared(traffic: int) -> Release:
    return version(2, traffic).model_copy(update={"rest": OLD.as_rest()})


def test_it_begins_with_the_first_step_beside_what_serves() -> None:
    found = progress(dict.fromkeys(NAMES, OLD), *THREE)
    first = found.following()
    assert first is not None
    assert (first.number, first.traffic, first.targets) == (1, 0, NAMES)
    assert found.rest_beside("eu", 0) == OLD.as_rest()


def test_where_nothing_serves_there_is_nothing_to_share_with() -> None:
    first = progress({}, *THREE).following()
    assert first is not None
    assert (first.number, first.targets) == (3, NAMES)
    assert progress({}, *THREE).step_to("eu", 10) is None


def test_regions_go_one_after_the_other() -> None:
    standing = {"eu": shared(10), "us": OLD, "asia": OLD}
    found = progress(standing, *BY_REGION)
    assert [(s.number, s.targets) for s in found.pending_before(4)] == [
        (2, ("eu",)), (3, ("us", "asia")),
    ]  # fmt: skip
    assert [(s.number, s.targets) for s in found.under_analysis(2)] == [(1, ("eu",))]
    assert str(found.following()) == "step 2 (100 % in eu)"


def test_all_is_done_once_every_target_has_it_all() -> None:
    found = progress(dict.fromkeys(NAMES, NEW), *BY_REGION)
    assert (found.following(), found.pending_before(4)) == (None, ())


def test_a_candidate_that_is_given_up_leaves_the_rest_as_it_was() -> None:
    assert rest_of(shared(10), NEWER.what) == OLD.as_rest()
    assert rest_of(OLD, NEWER.what) == OLD.as_rest()
    assert rest_of(NEW, NEW.what) is None
    assert rest_of(shared(10), OLD.what) is None  # it takes back what it had
    assert rest_of(version(1, 0), NEW.what) is None  # stopped: it serves nobody


def test_a_model_of_an_environment_without_steps_has_none() -> None:
    here = stepping("dev", NAMES, Rollout(on_failure="hold", steps=THREE))
    assert rollout_for(here, model()) == here.rollout
    assert progress_of(here, here.rollout or FAIL, {}, NEW.what).names == NAMES


FAIL = Rollout(on_failure="hold", steps=THREE)


@st.composite
def rollouts(draw: st.DrawFn) -> Rollout:
    """Draw steps that can be meant, of up to three targets."""
    drawn = draw(
        st.lists(
            st.tuples(
                st.sampled_from([0, 10, 50, 100]),
                st.lists(st.sampled_from(NAMES), unique=True, max_size=2),
            ),
            min_size=1,
            max_size=6,
        )
    )
    kept: list[Step] = []
    reached = dict.fromkeys(NAMES, -1)
    for traffic, targets in drawn:
        one = step(traffic, *targets)
        if all(reached[name] < traffic for name in targets_of(one, NAMES)):
            kept.append(one)
            reached |= dict.fromkeys(targets_of(one, NAMES), traffic)
    left = tuple(name for name in NAMES if reached[name] < 100)
    if left:
        kept.append(step(100, *left))
    if len(kept) < 2:
        kept = [step(10), step(100)]
    return Rollout(
        on_failure="hold",
        steps=(*kept[:-1], Step(traffic=kept[-1].traffic, targets=kept[-1].targets)),
    )


@given(rollouts())
def test_what_is_drawn_can_be_meant(drawn: Rollout) -> None:
    assert not faults_of(drawn, NAMES, NAMES)


@dataclass
class Book:
    """What an onlooker writes down of one candidate, without asking the code under test."""

    carried: set[tuple[int, str]] = field(default_factory=set)
    passed: set[tuple[int, str]] = field(default_factory=set)


class RollingOut(RuleBasedStateMachine):
    """Whoever wants whatever in any target: what the judge's demands let in is written down."""

    standing: dict[str, Release]
    history: dict[str, list[Release]]

    @initialize(drawn=rollouts(), empty=st.sets(st.sampled_from(NAMES), max_size=2))
    def begin(self, drawn: Rollout, empty: set[str]) -> None:
        self.rollout = drawn
        self.standing = {name: OLD for name in NAMES if name not in empty}
        self.history = {name: [one] for name, one in self.standing.items()}
        self.books = {NEW.what: Book(), NEWER.what: Book()}
        self.healthy: set[str] = set()

    def found(self, candidate: Release) -> Progress:
        return Progress(self.rollout, NAMES, self.standing, candidate.what)

    @rule(
        candidate=st.sampled_from([NEW, NEWER]),
        where=st.sampled_from(NAMES),
        traffic=st.sampled_from([0, 10, 50, 100]),
    )
    def somebody_tries(self, candidate: Release, where: str, traffic: int) -> None:
        self.tried(candidate, where, traffic)

    @rule(candidate=st.sampled_from([NEW, NEWER]))
    def promote(self, candidate: Release) -> None:
        """What the plan says is next is let in, once its analyses have passed."""
        following = self.found(candidate).following()
        for target in following.targets if following else ():
            passed = self.passes(self.found(candidate), following.number if following else 0)
            took = self.tried(candidate, target, following.traffic if following else 0)
            assert took == passed

    @rule(where=st.sampled_from(NAMES))
    def an_observer_sees_it_healthy(self, where: str) -> None:
        self.healthy.add(where)
        stands = self.standing.get(where)
        if stands is not None and stands.what in self.books:
            number = self.number_of(stands, where)
            self.books[stands.what].passed.add((number, where))

    @rule(where=st.sampled_from(NAMES))
    def an_observer_sees_it_fail(self, where: str) -> None:
        self.healthy.discard(where)

    @rule(where=st.sampled_from(NAMES))
    def somebody_rolls_back(self, where: str) -> None:
        former = self.way_back(where)
        if former is not None:
            self.place(where, former)
            self.excuse(former, where)

    def tried(self, candidate: Release, target: str, traffic: int) -> bool:
        found = self.found(candidate)
        stride = found.step_to(target, traffic)
        if stride is None or found.pending_before(stride.number):
            return False
        if not self.passes(found, stride.number):
            return False
        self.onlooker_agrees(candidate, stride.number)
        stands = self.standing.get(target)
        if stands is None or self.is_rest(candidate, stands):
            self.excuse(candidate, target)
        rest = found.rest_beside(target, traffic)
        assert (rest is None) == (traffic == 100)
        self.place(target, candidate.model_copy(update={"traffic": traffic, "rest": rest}))
        self.books[candidate.what].carried.add((stride.number, target))
        return True

    def passes(self, found: Progress, number: int) -> bool:
        strides = found.under_analysis(number)
        return all(target in self.healthy for stride in strides for target in stride.targets)

    def place(self, target: str, release: Release) -> None:
        before = self.standing.get(target)
        if before != release:
            self.healthy.discard(target)  # another share begins its own time
        if before is not None and before.what != release.what and before.what in self.books:
            book = self.books[before.what]
            book.carried = {one for one in book.carried if one[1] != target}
            book.passed = {one for one in book.passed if one[1] != target}
        self.standing[target] = release
        self.history.setdefault(target, []).append(release)

    def number_of(self, release: Release, target: str) -> int:
        numbered = enumerate(self.rollout.steps, 1)
        return next(
            (n for n, s in numbered
             if s.traffic == release.traffic and target in targets_of(s, NAMES)), 0
        )  # fmt: skip

    def onlooker_agrees(self, candidate: Release, number: int) -> None:
        """Every step before was carried out everywhere, and its analysis passed."""
        book = self.books[candidate.what]
        for earlier, one in enumerate(self.rollout.steps[: number - 1], 1):
            for target in targets_of(one, NAMES):
                stands = self.standing.get(target)
                if one.traffic < 100 and (stands is None or self.is_rest(candidate, stands)):
                    continue  # there is nothing to share with
                assert (earlier, target) in book.carried
                assert (earlier, target) in book.passed

    def is_rest(self, candidate: Release, stands: Release) -> bool:
        rest = stands.rest
        return rest is not None and (rest.artifact, rest.manifest) == candidate.what

    def excuse(self, release: Release, target: str) -> None:
        """Write down that shares are behind a release that has it all at once, and rightly."""
        book = self.books.get(release.what)
        for number, one in enumerate(self.rollout.steps, 1):
            if book and target in targets_of(one, NAMES):
                book.carried.add((number, target))
                if one.traffic < 100:
                    book.passed.add((number, target))

    def way_back(self, target: str) -> Release | None:
        """Return what had it all before, as the verb that rolls back finds it."""
        stands = self.standing.get(target)
        former = reversed(self.history.get(target, []))
        return next(
            (one for one in former
             if one.traffic == 100 and stands and one.artifact != stands.artifact), None
        )  # fmt: skip

    @invariant()
    def there_is_a_way_back_to_what_once_served_all(self) -> None:
        for target, stands in getattr(self, "standing", {}).items():
            if stands.rest is not None:
                former = self.way_back(target)
                assert former is not None
                assert former.as_rest() == stands.rest
                assert self.is_let_back(target, former)

    @invariant()
    def what_never_had_it_all_is_no_way_back(self) -> None:
        for target in getattr(self, "standing", {}):
            for candidate in (NEW, NEWER):
                once = any(o.what == candidate.what and o.traffic == 100
                           for o in self.history[target])  # fmt: skip
                if not once:
                    assert not self.is_let_back(target, candidate)

    def is_let_back(self, target: str, release: Release) -> bool:
        """Ask the judge."""
        path = DeploymentKey("dev", target, "oncology", "triage").path("release.yaml")
        earlier = tuple(
            EarlierRelease(path=path, commit=object_id("once"), release=one)
            for one in reversed(self.history[target])
        )
        base = FACTS.base.model_copy(update={"releases": {path: self.standing[target]}})
        facts = FACTS.model_copy(update={"base": base, "earlier": earlier})
        return is_rollback(facts, path, release)


RollingOut.TestCase.settings = settings(deadline=None, max_examples=50, stateful_step_count=30)
TestRollingOut = RollingOut.TestCase
