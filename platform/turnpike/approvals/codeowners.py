r"""GitHub's CODEOWNERS: which owners a path has; the last pattern that matches wins.

Source: GitHub documentation, "About code owners". ``\#``, ``!`` and ``[ ]`` are not supported
there, and lines that use them are no patterns here either.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ownership:
    """The owners of a path, without ``@`` and host organisation, and the line that says so."""

    owners: tuple[str, ...]
    line: int
    pattern: str


class CodeOwnersFile:
    """A parsed CODEOWNERS file."""

    def __init__(self, text: str) -> None:
        """Parse the text; lines with syntax that GitHub ignores are left out."""
        from codeowners import CodeOwners

        self._rules = CodeOwners(_supported(text))

    def owners_of(self, path: str) -> Ownership | None:
        """Return who owns a path; None where no pattern matches or the last one clears it."""
        owners, line, pattern, _ = self._rules.matching_line(path)
        if not owners or line is None:
            return None
        names = tuple(owner.lstrip("@").rpartition("/")[2] for _, owner in owners)
        return Ownership(names, line, pattern or "")


def _supported(text: str) -> str:
    """Return the text with unsupported lines emptied, so that line numbers stay what they are.

    Only a newline ends a line: other separators would let a rule hide in what is shown as comment.
    """
    lines = (" ".join(line.splitlines()) for line in text.split("\n"))
    return "\n".join("" if _is_unsupported(line) else line for line in lines)


def _is_unsupported(line: str) -> bool:
    pattern = line.strip().split(" ")[0]
    return pattern.startswith(("!", "\\#")) or "[" in pattern or "]" in pattern
