"""``turnpike validate``: validate pull requests' models in a sandbox without a network."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click
from pydantic import JsonValue

from turnpike.cli.output import emit, json_option, progress
from turnpike.cli.wiring import House, house_here, now
from turnpike.errors import InputError
from turnpike.evidence.predicates import SCAN_RESULT, VALIDATION_RESULT, Check, MetricValue
from turnpike.evidence.statement import VALIDATION
from turnpike.explain.escape import for_terminal
from turnpike.judge.layout import ModelKey

if TYPE_CHECKING:
    from turnpike.documents.identifiers import ObjectId
    from turnpike.evidence.statement import Statement
    from turnpike.manifest.model import GenerativeModel, PredictiveModel
    from turnpike.sandbox.interface import Program
    from turnpike.validation.validate import Bench


@dataclass(frozen=True, slots=True)
class Candidate:
    """One model that a pull request brings."""

    number: int
    head: ObjectId
    key: ModelKey
    model: PredictiveModel | GenerativeModel


@dataclass(frozen=True, slots=True)
class _Case:
    """A candidate with all that its validation needs."""

    candidate: Candidate
    artifact: Path
    live: tuple[MetricValue, ...] | None
    platform: Program
    team: Program

    def statements(self, bench: Bench) -> tuple[Statement, ...]:
        from turnpike.validation.validate import validate

        progress(f"validating {self.candidate.key} in {bench.sandbox.name}")
        model = self.candidate.model
        return validate(model, self.artifact, self.platform, self.team, self.live, bench)


@click.command()
@click.option("--pr", "numbers", type=int, multiple=True, required=True, help="Pull request.")
@click.option(
    "--sandbox",
    type=click.Choice(["container", "bubblewrap"]),
    help="Default: containers where an engine answers, else bubblewrap.",
)
@json_option
def command(numbers: tuple[int, ...], sandbox: str | None, as_json: bool) -> None:
    """Validate the models of pull requests, and attach signed statements to each of them.

    The platform's program, built from main, loads the artifact and returns raw predictions, which
    are scored outside by the side that holds the labels. The team's checks run in a container of
    their own and can only deny. Exit code 1 when a check failed, 3 without any sandbox.
    """
    house = house_here()
    candidates = [c for number in dict.fromkeys(numbers) for c in _candidates(house, number)]
    done = [(c, s) for c, found in _validated(house, candidates, sandbox) for s in found]
    with house.signer("validator") as signer:
        forge = house.forge("turnpike-bot")
        for number in dict.fromkeys(c.number for c, _ in done):
            forge.attach(number, *(signer.sign(s) for c, s in done if c.number == number))
    failed = any(not check.passed for _, s in done for check in _checks(s))
    emit(as_json, [_value(c, s) for c, s in done], [line for c, s in done for line in _lines(c, s)])
    sys.exit(1 if failed else 0)


def _candidates(house: House, number: int) -> list[Candidate]:
    from turnpike.change.manifests import changed_manifests, standing_manifests

    head = house.forge().head_of(number)
    found = changed_manifests(house.host, house.main, head)
    if not found:
        raise _no_model(number, standing_manifests(house.host, house.main, head))
    return [Candidate(number, head, key, model) for key, model in found.items()]


def _no_model(number: int, unreadable: Iterable[ModelKey]) -> InputError:
    """Return the refusal of a pull request that brings no manifest to validate by."""
    paths = ", ".join(key.manifest_path for key in unreadable)
    found = f"one that cannot be read: {paths}" if paths else "a change that brings no model"
    advice = "says what cannot be read" if paths else "says what it needs to be merged"
    start = "" if paths else "There is nothing to validate; "
    return InputError(
        f"pull request {number}: expected a readable manifest of a model, found {found}",
        code="validate.no-model",
        solution=f"{start}`turnpike gate --pr {number}` {advice}.",
    )


def _validated(
    house: House, candidates: list[Candidate], preference: str | None
) -> list[tuple[Candidate, tuple[Statement, ...]]]:
    """Build all programs, then validate the models, two at a time."""
    from turnpike.sandbox.choose import choose
    from turnpike.sandbox.interface import Stop
    from turnpike.sandbox.side_by_side import side_by_side
    from turnpike.validation.validate import Bench

    stop = Stop()
    bench = Bench(choose(preference), now, stop=stop, report=progress)
    with TemporaryDirectory(prefix="turnpike-validate-") as name:
        cases: list[_Case] = []
        for number, few in enumerate(_rounds(candidates)):
            cases += _cases(house, few, bench, Path(name) / str(number))
        said = side_by_side([partial(case.statements, bench) for case in cases], stop)
    return [(case.candidate, found) for case, found in zip(cases, said, strict=True)]


def _rounds(candidates: list[Candidate]) -> list[list[Candidate]]:
    """Part the candidates so that none meets another head of its model in one source tree."""
    rounds: list[list[Candidate]] = []
    for candidate in candidates:
        free = (few for few in rounds if all(one.key != candidate.key for one in few))
        home = next(free, None)
        if home is None:
            rounds.append([candidate])
        else:
            home.append(candidate)
    return rounds


def _cases(house: House, candidates: list[Candidate], bench: Bench, folder: Path) -> list[_Case]:
    """Fetch the artifacts and build the programs of some candidates, all of different models."""
    from turnpike.installation.installation import source_of
    from turnpike.installation.naming import cache_folder
    from turnpike.manifest.model import PredictiveModel
    from turnpike.validation.build import build_programs

    trained = [c for c in candidates if isinstance(c.model, PredictiveModel)]
    heads = {str(candidate.key): candidate.head for candidate in trained}
    source = source_of(house.host, house.main, heads, folder / "source")
    programs = build_programs(source, list(heads), bench.sandbox, cache_folder(), progress)
    return [
        _Case(
            candidate,
            _fetched(house, candidate, folder / f"artifact-{number}"),
            _live_metrics(house, candidate.key),
            programs.platform,
            programs.teams.get(str(candidate.key), programs.platform),
        )
        for number, candidate in enumerate(candidates)
    ]


def _fetched(house: House, candidate: Candidate, into: Path) -> Path:
    """Fetch the artifact that the manifest names; its bytes are verified on the way."""
    artifact = candidate.model.artifact
    version = house.registry.find(artifact.registry_model, artifact.version) if artifact else None
    if artifact is None or version is None or version.digest != artifact.digest:
        found = version.digest if version else "no such version"
        raise InputError(
            f"{candidate.key.manifest_path}: artifact: expected a registered version with the"
            f" manifest's digest, found {found}",
            code="validate.not-registered",
            solution=f"Run `turnpike register {candidate.key.folder}` and push again.",
        )
    return house.registry.fetch(version, into)


def _live_metrics(house: House, key: ModelKey) -> tuple[MetricValue, ...] | None:
    """Return what the platform run measured of the version that is live in production."""
    from turnpike.promotion.standing import manifests_of, standing_of
    from turnpike.reporting.live import live_metrics

    standing = standing_of(house.host, house.main, (key,))
    manifests = manifests_of(house.host, standing.releases.values())
    found = live_metrics(key, standing.environments, standing.releases, manifests, house.record)
    return found or None


def _checks(statement: Statement) -> tuple[Check, ...]:
    import json

    kind = VALIDATION_RESULT if statement.predicate_type == VALIDATION else SCAN_RESULT
    return kind.validate_json(json.dumps(statement.predicate)).checks


def _lines(candidate: Candidate, statement: Statement) -> list[str]:
    run = statement.predicate.get("run", "scan")
    checks = _checks(statement)
    passed = sum(check.passed for check in checks)
    lines = [f"pull request {candidate.number}  {candidate.key}  {run}: {passed}/{len(checks)}"]
    for check in checks:
        mark = "ok  " if check.passed else "FAIL"
        text = f"{check.name}: expected {check.expected}, found {check.actual}"
        if not check.passed:
            lines.append(f"  {mark} {for_terminal(text)}")
    return lines


def _value(candidate: Candidate, statement: Statement) -> JsonValue:
    return {
        "pullRequest": candidate.number,
        "model": str(candidate.key),
        "predicateType": statement.predicate_type,
        "predicate": statement.predicate,
    }
