"""``turnpike gate``: judge a change, from what is there or from facts alone; nothing is written."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from turnpike.cli.judging import decides_nothing_when_broken
from turnpike.cli.output import emit_canonical, json_option, say
from turnpike.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from turnpike.change.gate import AskPolicies, Judged

    Asked = tuple[Judged, AskPolicies]


@click.command()
@click.option("--pr", "numbers", type=int, multiple=True, help="Pull request; may be repeated.")
@click.option("--base", metavar="REV", help="Judge against this commit of main; default: its tip.")
@click.option("--head", metavar="REV", help="Judge this commit; default: the pull request's head.")
@click.option(
    "--facts",
    "facts_files",
    metavar="FILE",
    multiple=True,
    help="Decide from these facts alone; - reads standard input. May be repeated.",
)
@click.option(
    "--bundle", metavar="FILE", help="The policies that the facts name in tools.policies."
)
@click.option(
    "--print-facts",
    is_flag=True,
    help="Print the facts as canonical JSON (RFC 8785): their SHA-256 is what a decision names.",
)
@click.option(
    "--print-decision",
    is_flag=True,
    help="Print the decision as canonical JSON (RFC 8785), the same bytes on every machine.",
)
@json_option
@decides_nothing_when_broken()
def command(
    numbers: tuple[int, ...],
    base: str | None,
    head: str | None,
    facts_files: tuple[str, ...],
    bundle: str | None,
    print_facts: bool,
    print_decision: bool,
    as_json: bool,
) -> None:
    """Judge pull requests, or any commit, by the policies, owners and keys of the base.

    Nothing is recorded and nothing is merged: `turnpike pr merge` does both. With --head and no
    --pr there is no pull request, so nobody has approved. What is printed as JSON is canonical
    (RFC 8785): --print-facts and --print-decision print just those bytes, --json adds a newline.

    `turnpike gate --facts FACTS.json --bundle BUNDLE` decides once more, from these two files and
    the pinned OPA: no Git, host, clock, instance or network. The bundle comes from `turnpike policy
    bundle`; one whose SHA-256 the facts do not name is refused.

    A denial ends with a smallest set of changes that would turn it into an allow, found by deciding
    again; with --json it stands beside the decision's own fields, as `explanation`.

    Exit code 0 means allowed, 1 denied, 2 bad input, 3 that no decision was possible, which blocks
    as well; of several changes, the highest.
    """
    if print_facts and print_decision:
        raise UsageError("expected --print-facts or --print-decision, got both")
    if facts_files or bundle:
        if numbers or base or head:
            raise UsageError("--facts: expected no --pr, --base or --head beside it: facts are all")
        judged = _from_files(facts_files, bundle)
    elif base or head:
        judged = (_between(numbers, base, head),)
    else:
        judged = _pull_requests(numbers)
    from turnpike.judge.decision import EXIT_CODES

    if print_facts or print_decision:
        _print_bytes([one for one, _ in judged], print_facts, as_json)
    else:
        _tell(judged, as_json)
    sys.exit(max(EXIT_CODES[one.decision.verdict] for one, _ in judged))


def _print_bytes(judged: Sequence[Judged], print_facts: bool, as_json: bool) -> None:
    emit_canonical([one.facts if print_facts else one.decision for one in judged])
    if as_json:
        say()


def _tell(judged: Sequence[Asked], as_json: bool) -> None:
    from turnpike.change.gate import explained
    from turnpike.cli.denial import told_lines, told_value
    from turnpike.documents.canonical import canonical

    # Of several changes each can be explained by itself: `turnpike explain --pr N`.
    why = explained(*judged[0]) if len(judged) == 1 else None
    if not as_json:
        for one, _ in judged:
            say("\n".join(told_lines(one.decision, why)))
        return
    values = [told_value(one.decision, why) for one, _ in judged]
    say(canonical(values[0] if len(values) == 1 else values).decode("utf-8"))


def _pull_requests(numbers: tuple[int, ...]) -> Sequence[Asked]:
    if not numbers:
        raise UsageError(
            "expected --pr NUMBER, --head REV, or --facts FILE with --bundle FILE, got none",
            solution="turnpike gate --help",
        )
    from turnpike.cli.base_code import continue_from_base

    continue_from_base()
    from turnpike.cli.wiring import house_here

    house = house_here()
    policies = house.policies()
    with policies.asking(len(numbers)) as ask:
        from turnpike.change.merge import judge_pull_request  # while OPA loads the policies

        gate = house.gate(policies, ask)
        judged = [judge_pull_request(gate, number) for number in numbers]
    return [(one, policies.ask) for one in judged]


def _between(numbers: tuple[int, ...], base: str | None, head: str | None) -> Asked:
    if len(numbers) > 1 or not (head or numbers):
        raise UsageError(
            "expected one --head REV or one --pr NUMBER beside --base, got "
            + (f"{len(numbers)} pull requests" if numbers else "neither"),
            solution="turnpike gate --help",
        )
    from turnpike.cli.base_code import continue_from_base
    from turnpike.cli.revisions import judged_between, main_commit
    from turnpike.cli.wiring import house_here

    house = house_here()
    on = main_commit(house, base)
    continue_from_base(house.instance.folder, on)
    return judged_between(house, on, head, numbers[0] if numbers else None)


def _from_files(files: tuple[str, ...], bundle: str | None) -> Sequence[Asked]:
    if not files or not bundle or list(files).count("-") + (bundle == "-") > 1:
        raise UsageError(
            "expected --facts FILE and --bundle FILE together, at most one of them standard input",
            solution="turnpike policy bundle --revision BASE -o FILE writes the bundle.",
        )
    from turnpike.cli.from_files import judged_from, read_file

    content = read_file(bundle)
    return [judged_from(file, content, bundle) for file in files]
