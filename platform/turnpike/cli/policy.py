"""``turnpike policy``: the rules, their tests, how hard those test, and their pages."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from turnpike.cli.output import emit, json_option, progress, say, table, write_file
from turnpike.errors import InputError
from turnpike.explain.escape import for_terminal

if TYPE_CHECKING:
    from turnpike.opa.mutation import Tried
    from turnpike.opa.program import Program
    from turnpike.opa.survivors import Held

checkout_option = click.option(
    "--checkout",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path(),
    help="Checkout that holds policies/; default: the current folder.",
)


@click.group()
def command() -> None:
    """List the rules of a checkout, test them, and write what is generated from them."""


@command.command("list")
@checkout_option
@json_option
def list_(checkout: Path, as_json: bool) -> None:
    """List every rule: its id, title and the codes of its denials."""
    from turnpike.installation.naming import cache_folder
    from turnpike.opa.bundle import compile_bundle, policies_in
    from turnpike.opa.documentation import documented_rules

    policies, program = policies_in(checkout), _program(checkout)
    rules = documented_rules(compile_bundle(policies, program, cache_folder()), program, policies)
    rows = [(rule.id, rule.about.title, f"docs/policies/{rule.id}.md") for rule in rules]
    value = [{"id": r[0], "title": r[1], "page": r[2]} for r in rows]
    emit(as_json, value, table(("rule", "title", "page"), rows))


@command.command()
@checkout_option
@click.option("--mutate", is_flag=True, help="Also break each rule in many ways: takes minutes.")
@json_option
def test(checkout: Path, mutate: bool, as_json: bool) -> None:
    """Run `opa test` with coverage and, on demand, the mutation run.

    Exit code 0 when all tests pass, reach every line and, with --mutate, kill at least 95 % of the
    mutants, and policies/testing/survivors.yaml explains exactly those that survive; 1 otherwise.
    """
    from turnpike.documents.canonical import to_json
    from turnpike.opa.bundle import policies_in
    from turnpike.opa.mutation import mutation_run
    from turnpike.opa.policy_tests import run_policy_tests
    from turnpike.opa.survivors import held_against, survivors_in

    policies, program = policies_in(checkout), _program(checkout)
    found = run_policy_tests(policies, program)
    lines = [f"{len(found.passed)} tests passed, {len(found.failed)} failed"]
    lines += [f"  failed {for_terminal(name)}" for name in found.failed]
    lines += [f"  never reached: {file} lines {list(rows)}" for file, rows in found.uncovered]
    tried: tuple[Tried, ...] = ()
    listed = survivors_in(policies) if mutate else ()
    if mutate and found.is_clean:
        progress("breaking every rule in every small way")
        tried = mutation_run(policies, program)
    held = held_against(tried, listed if tried else ())
    if tried:
        lines += _mutation_lines(tried, held)
    value = {
        "passed": list(found.passed),
        "failed": list(found.failed),
        "uncovered": {file: list(rows) for file, rows in found.uncovered},
        "killed": _share(tried) if tried else None,
        "unexplained": [asdict(one) for one in held.unexplained],
        "outdated": [to_json(one) for one in held.outdated],
    }
    emit(as_json, value, lines)
    sys.exit(0 if found.is_clean and held.is_clean and _share(tried) >= _LEAST_KILLED else 1)


_LEAST_KILLED = 0.95


@command.command()
@checkout_option
@json_option
def docs(checkout: Path, as_json: bool) -> None:
    """Write docs/policies/, the input schema and the capabilities anew, from their sources."""
    from turnpike.installation.naming import cache_folder
    from turnpike.opa.generated import write_generated

    changed = write_generated(checkout, _program(checkout), cache_folder())
    emit(as_json, list(changed), changed or ["Everything is up to date."])


@command.command()
@checkout_option
@click.option("--revision", metavar="REV", help="Take policies/ of this commit of the checkout.")
@click.option(
    "-o", "--output", "file", metavar="FILE", required=True, help="Where to; - prints it."
)
@json_option
def bundle(checkout: Path, revision: str | None, file: str, as_json: bool) -> None:
    """Write the policies that decide as one file, whose SHA-256 facts name in tools.policies.

    Rules, library, data, schemas and capabilities, as canonical JSON: the same policies have the
    same bytes everywhere. With facts it is all that `turnpike gate --facts F --bundle FILE` reads.
    """
    from turnpike.documents.identifiers import digest_of
    from turnpike.opa.bundle import packed_policies, rules_in

    policies = _policies(checkout, revision)
    content = packed_policies(policies)
    if file == "-":
        say(content.decode("utf-8"), newline=False)
        return
    write_file(Path(file), content)
    value = {"file": file, "digest": digest_of(content), "rules": list(rules_in(policies))}
    emit(as_json, value, [f"{for_terminal(file)}  {value['digest']}"])


def _policies(checkout: Path, revision: str | None) -> dict[str, bytes]:
    """Return the policies of a checkout or of one of its commits; all of them must be text."""
    from turnpike.change.policies import files_at
    from turnpike.git.location import top_of
    from turnpike.git.repository import Repository
    from turnpike.opa.bundle import policies_in
    from turnpike.opa.bundle_file import require_text

    if revision is None:
        policies = policies_in(checkout)
    else:
        repository = Repository(top_of(checkout))
        policies = files_at(repository, repository.resolve(revision))
    if "policies/capabilities.json" not in policies:
        raise InputError(
            f"{revision or checkout}: expected policies/ with capabilities.json, found none",
            code="bundle.no-policies",
            solution="Run it in a clone of the monorepo, or name one with --checkout.",
        )
    require_text(policies)
    return policies


def _program(checkout: Path) -> Program:
    from turnpike.change.policies import opa_program
    from turnpike.opa.program import pinned_version

    file = checkout / "tools" / "opa" / "go.mod"
    try:
        pin = file.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{file}: expected the version of OPA that this checkout pins, got: {error.strerror}",
            code="policy.no-checkout",
            solution="Run it at the top of a clone of the monorepo, or name one with --checkout.",
        ) from error
    return opa_program(pinned_version(pin))


def _share(tried: tuple[Tried, ...]) -> float:
    fates = Counter(one.fate for one in tried)
    alive = fates["killed"] + fates["survived"]
    return fates["killed"] / alive if alive else 1.0


def _mutation_lines(tried: tuple[Tried, ...], held: Held) -> Iterator[str]:
    from turnpike.opa.survivors import SURVIVORS_PATH

    by_rule: dict[str, Counter[str]] = {}
    for one in tried:
        by_rule.setdefault(one.mutant.rule, Counter())[one.fate] += 1
    rows = [(r, str(f["killed"]), str(f["survived"])) for r, f in sorted(by_rule.items())]
    yield from table(("rule", "killed", "survived"), rows)
    for m in held.unexplained:
        yield for_terminal(f"  survived {m.rule}:{m.line} {m.kind}: {m.before} -> {m.after}")
    for entry in held.outdated:
        what = f"{entry.rule} {entry.mutation}: {entry.before} -> {entry.after}"
        yield for_terminal(f"  did not survive, so take it off {SURVIVORS_PATH}: {what}")
    if held.unexplained:
        yield f"next: write a test that fails for each survivor, or its reason in {SURVIVORS_PATH}"
    yield f"{_share(tried):.1%} of the mutants were killed"
