"""``turnpike sweep``: what of all that stands on main would be denied today?"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
from pydantic import JsonValue

from turnpike.cli.base_code import continue_from_base
from turnpike.cli.output import emit, json_option, numbered
from turnpike.explain.escape import for_terminal

if TYPE_CHECKING:
    from turnpike.change.sweep import Swept


@click.command()
@click.option(
    "--revision",
    default="refs/heads/main",
    show_default=True,
    help="The commit whose models and deployments are judged.",
)
@json_option
def command(revision: str, as_json: bool) -> None:
    """Judge every model and every deployment as they stand, by main's policies of today.

    After a change of policies, a revoked key or a member who left, this tells what would no longer
    pass: manifests and cards, the signatures of all evidence, approvals on the record, derived
    files, every rule. What an earlier sweep found in order on the same grounds is not judged
    again. Exit code 0: nothing would be denied; 1: something would; 3: it could not be decided.
    """
    continue_from_base()
    from turnpike.cli.sweeping import sweep_of
    from turnpike.cli.wiring import house_here

    swept = sweep_of(house_here(), revision).run()
    emit(as_json, _value(revision, swept), list(_lines(swept)))
    sys.exit(1 if swept.denied else 0)


def _lines(swept: Swept) -> Iterator[str]:
    yield (
        f"{len(swept.denied)} of {numbered(swept.models, 'model')} and"
        f" {numbered(swept.deployments, 'deployment')}"
        f" would be denied today ({swept.commit[:12]};"
        f" {numbered(swept.reused, 'model')} unchanged since an earlier sweep)"
    )
    for subject, findings in sorted(swept.denied.items()):
        yield f"  {for_terminal(subject)}"
        for one in findings:
            told = f"{one.code}: expected {one.expected}, found {one.actual}"
            yield f"    - {for_terminal(told)}"


def _value(revision: str, swept: Swept) -> JsonValue:
    from turnpike.documents.canonical import to_json

    return {
        "revision": revision,
        "commit": swept.commit,
        "models": swept.models,
        "deployments": swept.deployments,
        "reused": swept.reused,
        "denied": [
            {"subject": subject, "findings": [to_json(one) for one in findings]}
            for subject, findings in sorted(swept.denied.items())
        ],
    }
