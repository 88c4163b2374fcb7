"""``turnpike explain``: what would have turned a past decision into an allow."""

from __future__ import annotations

import click
from pydantic import JsonValue

from turnpike.cli.output import emit, json_option
from turnpike.errors import UsageError


@click.command()
@click.argument("which", metavar="[DECISION|COMMIT]", required=False)
@click.option("--pr", "number", type=int, help="The last decision on this pull request.")
@json_option
def command(which: str | None, number: int | None, as_json: bool) -> None:
    """Say what would have turned a past decision into an allow, from the record alone.

    DECISION is the digest of one, `sha256:...`, as `turnpike history` and `turnpike pr merge` show
    it, or its beginning; COMMIT is a merge on main that carried one out. The recorded facts are
    decided again under the policies of their base, and hypothetically changed until they are
    allowed: what is shown is enough, and nothing of it can be left out.

    Exit code 0 whatever the decision was, 2 where the record has none such.
    """
    if (which is None) == (number is None):
        raise UsageError(
            "expected a decision, a merge commit, or --pr N, and one of them only",
            solution="Look for one in `turnpike history`, or for a number in `turnpike pr list`.",
        )
    from turnpike.change.recorded import explain_past, found_by_name, last_of_pull_request
    from turnpike.cli.denial import told_lines
    from turnpike.cli.wiring import house_here
    from turnpike.documents.canonical import to_json

    house = house_here()
    digest = (
        found_by_name(house.record, which)
        if which is not None
        else last_of_pull_request(house.record, number or 0)
    )
    past = explain_past(house.record, digest, house.asking)
    value: JsonValue = {
        "digest": digest,
        "decision": to_json(past.decision),
        "explanation": to_json(past.explanation) if past.explanation else None,
    }
    emit(as_json, value, [f"decision {digest}", *told_lines(past.decision, past.explanation)])
