r"""GitHub's CODEOWNERS: the last pattern that matches a path decides.

Source: GitHub documentation, "About code owners". Patterns are those of gitignore, except that
``\#`` at the start, ``!`` and ``[ ]`` do not work; ``docs/*`` does not reach into folders; paths
are case-sensitive; a line with invalid syntax is skipped; a pattern without owners clears
ownership; a file of 3 MB and more is not loaded. What "List CODEOWNERS errors" of the REST API
calls an invalid pattern (``***``) or an invalid owner is a skipped line here as well.

GitHub asks for one approval by any owner of the line, so ``required`` is 1, and 0 without owners.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from turnpike.approvals.glob import (
    ANY,
    EVERYTHING,
    Folders,
    Glob,
    Many,
    One,
    Segment,
    Step,
    Tail,
    literal,
)
from turnpike.approvals.interface import DialectName, Entry, Ignored, Rule

SIZE_LIMIT = 3 * 1024 * 1024
"""Bytes of UTF-8; a file must be smaller."""

_WORD = re.compile(r"(?:\\.|[^ \t\\])+(?:\\\Z)?|\\\Z", re.DOTALL)
_ATOM = re.compile(r"\\.|.", re.DOTALL)
_OWNER = re.compile(
    r"@[A-Za-z0-9](?:[A-Za-z0-9_-]*)(?:/[A-Za-z0-9](?:[A-Za-z0-9._-]*))?\Z"
    r"|[^@\s]+@[^@\s]*[A-Za-z0-9]\Z"
)


@dataclass(frozen=True, slots=True)
class GitHubFile:
    """A parsed file of GitHub's dialect."""

    rules: tuple[Rule, ...]
    ignored: tuple[Ignored, ...]

    def entries_of(self, path: str) -> tuple[Entry, ...]:
        """Return the one entry of a path, by the last line that matches."""
        for rule in reversed(self.rules):
            if rule.glob is not None and rule.glob.matches(path):
                return (Entry(rule.line, rule.pattern, rule.owners, rule.required),)
        return ()


class GitHub:
    """GitHub's dialect."""

    name: DialectName = "github"
    locations = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")

    def parse(self, text: str) -> GitHubFile:
        """Return the file; only a newline ends a line, so that no rule hides in a comment."""
        if len(text.encode("utf-8", "surrogatepass")) >= SIZE_LIMIT:
            return GitHubFile((), (_too_large(),))
        rules: list[Rule] = []
        ignored: list[Ignored] = []
        for number, line in enumerate(text.split("\n"), start=1):
            words = _words(line)
            if not words:
                continue
            found = _rule(number, words[0], tuple(words[1:]))
            if isinstance(found, Rule):
                rules.append(found)
            else:
                ignored.append(found)
        return GitHubFile(tuple(rules), tuple(ignored))


def _words(line: str) -> list[str]:
    """Return the words of a line up to a comment; a backslash keeps a blank within its word."""
    words: list[str] = []
    for word in _WORD.findall(line.strip(" \t\r")):
        if word.startswith("#"):
            break
        words.append(word)
    return words


def _rule(line: int, pattern: str, owners: tuple[str, ...]) -> Rule | Ignored:
    flaw = _flaw(pattern)
    if flaw:
        code, solution = flaw
        return Ignored(line, code, "a pattern that GitHub supports", pattern, solution)
    glob = glob_of(pattern)
    if glob is None:
        return Ignored(
            line, "codeowners.matches-nothing", "a pattern that some path matches", pattern,
            "Correct the pattern; a path has no empty names.",
        )  # fmt: skip
    wrong = next((owner for owner in owners if not _OWNER.match(owner)), None)
    if wrong is not None:
        return Ignored(
            line, "codeowners.invalid-owner", "@user, @organisation/team or an e-mail address",
            wrong, "Correct the owner: GitHub skips the whole line.",
        )  # fmt: skip
    return Rule(line, pattern, owners, 1 if owners else 0, glob=glob)


def _flaw(pattern: str) -> tuple[str, str] | None:
    """Return the code and the next step of syntax for which GitHub skips the line."""
    if pattern.startswith("!"):
        return (
            "codeowners.negation-unsupported",
            "Remove the line; give the excepted paths a later line with owners of their own.",
        )
    if pattern.startswith("\\#"):
        return "codeowners.escape-unsupported", "Match the file by another pattern, such as `?`."
    if "[" in pattern or "]" in pattern:
        return "codeowners.range-unsupported", "Write one line for each name, or use `?` or `*`."
    if "***" in pattern or re.search(r"(?<!\\)(?:\\\\)*\\\Z", pattern):
        return "codeowners.invalid-pattern", "Write `*` for a part of a name, `**` for folders."
    return None


def glob_of(pattern: str) -> Glob | None:
    """Return a supported pattern as a value; None for one that no path can match."""
    anchored = "/" in pattern[:-1]
    below = pattern.endswith("/")
    names = pattern.removeprefix("/").removesuffix("/").split("/")
    if not all(names):
        return None
    steps: list[Step] = [] if anchored else [Folders()]
    steps += [Folders() if name == "**" else _segment(name) for name in names]
    tail: Tail = "below" if below else "both"
    if anchored and names[-1] == "*" and not below:
        tail = "file"
    return _closed(steps, tail)


def _closed(steps: list[Step], tail: Tail) -> Glob:
    """End a pattern with a segment: ``a/**`` is what is below a, ``a/**/`` what is deeper."""
    named = list(steps)
    while named and isinstance(named[-1], Folders):
        named.pop()
    if len(named) == len(steps):
        return Glob(tuple(steps), tail)
    if tail == "below":
        return Glob((*named, Folders(), (Many(),)), "below")
    return Glob(tuple(named), "below") if named else EVERYTHING


def _segment(name: str) -> Segment:
    """Return the atoms of one name; asterisks side by side are one."""
    atoms: list[One | Many] = []
    for text in _ATOM.findall(name):
        if text == "?":
            atoms.append(ANY)
        elif text != "*":
            atoms.append(literal(text[-1]))
        elif not (atoms and isinstance(atoms[-1], Many)):
            atoms.append(Many())
    return tuple(atoms)


def _too_large() -> Ignored:
    return Ignored(
        0, "codeowners.too-large", f"less than {SIZE_LIMIT} bytes", "more",
        "Unite lines by patterns: GitHub does not load the file at all.",
    )  # fmt: skip
