"""Looks at clusters: until when, what is told on the way, and what the exit code says of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from turnpike.cli.delivering import (
    Diverged,
    Round,
    code_of,
    diff_lines,
    diff_value,
    lines_of,
    value_of,
)
from turnpike.delivery.divergence import Divergence
from turnpike.delivery.fields import Difference
from turnpike.delivery.gap import Gap
from turnpike.delivery.look import Clusters, Seen
from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError, Unavailable
from turnpike.git.repository import Repository
from unit.delivery.looks import ARTIFACT, application, wanted
from unit.delivery.released import ENVIRONMENT_TEXT, released
from unit.delivery.test_look import FakeCluster, service
from unit.delivery.test_look import application as synced
from unit.delivery.test_wanted import KEY, ONE, TWO, committed

MOVING = Gap("syncing", "Application", "Succeeded", "Running", "Wait.", passing=True)
FOREIGN = Gap("foreign", "tumour\x1b[2J", ONE, TWO, "Look who did it.")
FILES = {
    "environments/production/environment.yaml": ENVIRONMENT_TEXT,
    **released("tumour", ONE),
}


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    with Repository.create(tmp_path / "host.git") as made:
        yield made


@dataclass
class Main:
    """A main that its host may not be able to tell; ``heals`` is what happens at each look."""

    host: Repository
    main: ObjectId
    heals: list[Callable[[], None]] = field(default_factory=list)

    def refresh(self) -> None:
        if self.heals:
            self.heals.pop(0)()


def seen(*gaps: Gap, unread: str = "") -> Seen:
    return Seen(wanted(), application().status, gaps, unread)


def a_round(
    main: Main, local: FakeCluster, *targets: str, environment: str = "production"
) -> Round:
    argocd = FakeCluster(synced("local", main.main))
    clusters = Clusters(argocd, "argocd", lambda _: local)
    return Round(main, KEY, environment, targets, clusters)


def no_answer() -> None:
    raise Unavailable("git host: no answer")


@pytest.mark.parametrize(
    ("looks", "code"),
    [
        ((), 0),
        ((seen(),), 0),
        ((seen(), seen(FOREIGN)), 1),
        ((seen(MOVING),), 1),
        ((seen(FOREIGN), seen(unread="no answer")), 3),
        ((seen(FOREIGN, unread="no answer"),), 3),
    ],
)
def test_what_was_not_read_is_no_yes_and_no_no(looks: tuple[Seen, ...], code: int) -> None:
    assert code_of(looks) == code


def test_people_are_told_what_is_wrong_why_and_what_to_do() -> None:
    lines = list(lines_of([seen(MOVING, FOREIGN, unread="timed out\x07")]))
    assert lines[0].startswith("dev/local  out of step  1 sha256:")
    assert "Argo CD: Synced, Healthy at aaaaaaaaaaaa" in lines[0]
    assert lines[1] == "  - syncing: Application: expected Succeeded, found Running (on its way)"
    assert lines[2] == "    next: Wait."
    assert lines[-1] == "  - could not be read: timed out\\u0007"
    assert "\x1b" not in "".join(lines)


def test_what_nobody_released_and_argo_cd_does_not_know_is_said_so() -> None:
    (line, *_) = lines_of([Seen(wanted(nothing=True), None, (FOREIGN,))])
    assert line == "dev/local  out of step  nothing  no Argo CD"


def test_machines_are_told_the_same() -> None:
    (told,) = json.loads(json.dumps(value_of([seen(FOREIGN)])))
    assert (told["inStep"], told["unread"], told["released"]) == (False, None, ARTIFACT)
    assert told["gaps"] == [
        {"code": "foreign", "subject": FOREIGN.subject, "expected": ONE, "found": TWO,
         "solution": "Look who did it.", "passing": False}
    ]  # fmt: skip


def test_only_the_named_targets_are_looked_at(repository: Repository) -> None:
    files = {**FILES, **released("tumour", ONE, target="other")}
    main = Main(repository, committed(repository, files))
    good = FakeCluster(service(ONE))
    assert [one.wanted.key.target for one in a_round(main, good, "local").now()] == ["local"]
    assert len(a_round(main, good).now()) == 2


@pytest.mark.parametrize(
    ("targets", "environment", "code"),
    [
        (("locla",), "production", "target.unknown"),
        ((), "prod", "environment.unknown"),
        (("other",), "production", "delivery.nothing-released"),
    ],
)
def test_a_place_that_is_not_there_or_has_nothing_is_bad_input(
    repository: Repository, targets: tuple[str, ...], environment: str, code: str
) -> None:
    main = Main(repository, committed(repository, FILES))
    with pytest.raises(InputError) as error:
        a_round(main, FakeCluster(service(ONE)), *targets, environment=environment).now()
    assert error.value.code == code


def test_waiting_ends_once_all_is_in_step_and_tells_each_state_once(repository: Repository) -> None:
    main = Main(repository, committed(repository, FILES))
    cluster, said = FakeCluster(service(TWO)), list[str]()

    def heal() -> None:
        cluster.objects = service(ONE)

    main.heals = [no_answer, no_answer, lambda: None, lambda: None, heal]
    found = a_round(main, cluster).until_in_step(60, said.append)
    assert all(one.is_in_step for one in found)
    assert said == ["git host: no answer", "local: foreign InferenceService/tumour"]


def test_when_the_time_is_over_what_is_out_of_step_is_told_and_not_raised(
    repository: Repository,
) -> None:
    main = Main(repository, committed(repository, FILES))
    (one,) = a_round(main, FakeCluster(service(TWO))).until_in_step(0, lambda _: None)
    assert [gap.code for gap in one.gaps] == ["foreign"]


def test_a_host_that_never_answers_is_told_when_the_time_is_over(repository: Repository) -> None:
    main = Main(repository, committed(repository, FILES), [no_answer] * 9)
    with pytest.raises(Unavailable, match="git host"):
        a_round(main, FakeCluster(service(ONE))).until_in_step(0, lambda _: None)


def test_a_cluster_that_does_not_answer_is_waited_for(repository: Repository) -> None:
    main = Main(repository, committed(repository, FILES))
    cluster, said = FakeCluster(service(ONE), is_down=True), list[str]()

    def up() -> None:
        cluster.is_down = False

    main.heals = [lambda: None, up]
    (one,) = a_round(main, cluster).until_in_step(60, said.append)
    assert one.is_in_step
    assert len(said) == 1


def test_differences_are_shown_as_main_has_it_and_as_it_runs() -> None:
    fields = (Difference("spec.replicas", 1, 9),)
    gone = Divergence("Service/tumour", is_missing=True, fields=())
    other = Divergence("Deployment/tumour", is_missing=False, fields=fields)
    one = Diverged(wanted(), (gone, other))
    lines = list(diff_lines([one, Diverged(wanted(), ())]))
    assert lines == [
        "dev/local  differs",
        "  Service/tumour: is not there",
        "  Deployment/tumour",
        "    spec.replicas",
        "      - 1",
        "      + 9",
        "dev/local  as main has it",
    ]
    (told, _) = json.loads(json.dumps(diff_value([one, Diverged(wanted(), ())])))
    assert told["objects"][0] == {"object": "Service/tumour", "missing": True, "fields": []}
    assert told["objects"][1]["fields"] == [{"path": "spec.replicas", "wanted": 1, "found": 9}]


def test_a_look_tells_where_argo_cd_waits_for_a_window(repository: Repository) -> None:
    """Nothing in the company's other environments asks for sync windows, and none is told there."""
    own = "environments/production/environment.yaml"
    asking = (
        b"delivery: {syncWindows: true}\nfreezes: [{name: all, cron: '* * * * *', duration: P1D}]\n"
    )
    main = Main(repository, committed(repository, {**FILES, own: FILES[own] + asking}))
    (found,) = a_round(main, FakeCluster(service(ONE))).now()
    assert [gap.code for gap in found.gaps] == ["sync-windows-differ"]
    assert "sync-windows-differ" in str(value_of([found]))
