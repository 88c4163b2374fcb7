"""An explanation as it stands at the end of a denial."""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.explain.escape import for_terminal
from turnpike.explain.explanation import Explanation


def explanation_lines(explanation: Explanation) -> Iterator[str]:
    """Yield what would turn the denial into an allow, one line each, and how that was found."""
    yield headline(explanation)
    for one in explanation.needed:
        rest = "" if one.tried else "  (only its author knows how: it was not tried)"
        yield f"  - {for_terminal(one.text)}{rest}"


def headline(explanation: Explanation) -> str:
    """Return in one line what the list below it is worth."""
    if not explanation.flips:
        return "Before it can be allowed, this must change; what it brings is then judged anew:"
    count = len(explanation.needed)
    these = "this is done" if count == 1 else f"all {count} of these are done"
    return f"It would be allowed once {these}, and not before (found by deciding again):"
