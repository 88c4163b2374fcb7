r"""Gitea's CODEOWNERS: regular expressions, of which every one that matches a path adds its owners.

Sources: Gitea documentation, "Code Owners", and ``GetCodeOwnersFromContent`` and
``PullRequestCodeOwnersReview`` in Gitea's source. A rule is ``<regexp> <owner>...``; the expression
is Go's, between ``^`` and ``$``, without its first slash, for no path has one (Gitea 1.26 and
later); ``!`` before it means all paths that it does not match; a backslash takes the meaning of the
next character (so an expression's own backslash is written twice); ``#`` begins a comment anywhere;
a line without an owner, or with an expression that does not compile, is skipped.

Owners of all matching rules are owners of the path, and Gitea counts their approvals together: one
entry a path, named by the last rule that matches, ``required`` 1. The expressions are matched by
RE2, whose syntax is Go's and whose time is linear whatever anybody writes. What looks ahead or back
has no such matcher: Gitea 1.26 takes it, its documentation does not, and neither is it taken here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from turnpike.approvals.interface import DialectName, Entry, Ignored, Rule


class _Expression(Protocol):
    def search(self, text: str) -> object | None: ...


@dataclass(frozen=True, slots=True)
class GiteaFile:
    """A parsed file of Gitea's dialect."""

    rules: tuple[Rule, ...]
    ignored: tuple[Ignored, ...]

    def entries_of(self, path: str) -> tuple[Entry, ...]:
        """Return the one entry of a path: the owners of all rules that match it."""
        matching = [rule for rule in self.rules if _matches(rule.expression, path)]
        if not matching:
            return ()
        owners = tuple(dict.fromkeys(owner for rule in matching for owner in rule.owners))
        return (Entry(matching[-1].line, matching[-1].pattern, owners, 1),)


class Gitea:
    """Gitea's dialect."""

    name: DialectName = "gitea"
    locations = ("CODEOWNERS", "docs/CODEOWNERS", ".gitea/CODEOWNERS")

    def parse(self, text: str) -> GiteaFile:
        """Return the file; a rule's expression is its pattern with the escapes taken."""
        rules: list[Rule] = []
        ignored: list[Ignored] = []
        for number, line in enumerate(text.split("\n"), start=1):
            words = _words(line)
            if not words:
                continue
            found = _rule(number, words[0], tuple(plain for _, plain in words[1:]))
            if isinstance(found, Rule):
                rules.append(found)
                ignored += _idle(found)
            else:
                ignored.append(found)
        return GiteaFile(tuple(rules), tuple(ignored))


def _rule(line: int, pattern: tuple[str, str], said: tuple[str, ...]) -> Rule | Ignored:
    written, expression = pattern
    # Only a team stands behind one slash; Gitea leaves out what has more of them.
    owners = tuple(o for o in said if o.count("/") <= 1 and o.strip("@/"))
    if not owners:
        return Ignored(
            line, "codeowners.no-owner", "an owner after the expression", " ".join(said) or "none",
            "Add @user or @organisation/team: Gitea skips the line.",
        )  # fmt: skip
    reason = flaw_of(expression)
    if reason:
        return Ignored(
            line, "codeowners.invalid-pattern", "a regular expression of Go", reason,
            "Correct the expression: the line does not count.",
        )  # fmt: skip
    return Rule(line, written, owners, 1, expression=_rooted(expression))


def _rooted(expression: str) -> str:
    """Return an expression without its first slash; a negative one stays negative."""
    if expression.startswith("!"):
        return "!" + expression[1:].removeprefix("/")
    rooted = expression.removeprefix("/")
    # Only at the very beginning of what is written does `!` negate; behind a slash it is a letter.
    return f"[!]{rooted[1:]}" if rooted.startswith("!") else rooted


def _idle(rule: Rule) -> list[Ignored]:
    """A rule that wants a slash at the start or the end of a path, which has none, is a slip."""
    body = rule.expression.removeprefix("^").removesuffix("$")
    if body.startswith("!") or "|" in body or not (body.startswith("/") or body.endswith("/")):
        return []
    return [Ignored(
        rule.line, "codeowners.matches-nothing", "an expression of a path: no slash at either end",
        rule.pattern, "Remove the slash, or write `/.*` for all that is below a folder.",
    )]  # fmt: skip


_WORD = re.compile(r"(?:\\.|[^ \\#])+|\\\Z|(?P<comment>#)", re.DOTALL)


def _words(line: str) -> list[tuple[str, str]]:
    """Return the words up to a comment, each as written and with its escapes taken."""
    words: list[tuple[str, str]] = []
    for match in _WORD.finditer(line.strip().replace("\t", " ")):
        if match["comment"]:
            break
        plain = re.sub(r"\\(.?)", r"\1", match[0], flags=re.DOTALL)
        if plain:
            words.append((match[0], plain))
    return words


def _matches(expression: str, path: str) -> bool:
    negative = expression.startswith("!")
    return (_compiled(expression.removeprefix("!")).search(path) is not None) != negative


def flaw_of(expression: str) -> str:
    """Return why an expression does not compile in Go; empty where it does."""
    import re2

    if "\\C" in expression.replace("\\\\", ""):
        return "invalid escape sequence: \\C"
    try:
        _compiled(expression.removeprefix("!"))
    except re2.error as error:
        return _text(error)
    return ""


def _text(error: Exception) -> str:
    said = error.args[0] if error.args else error
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


@lru_cache(maxsize=4096)
def _compiled(expression: str) -> _Expression:
    """Compile an expression as Gitea does: ``a|b`` means what begins with a or ends with b."""
    import re2

    options = re2.Options()
    options.log_errors = False
    compiled: _Expression = re2.compile(f"^{expression}$", options)
    return compiled
