r"""GitLab's CODEOWNERS: sections, in each of which the last pattern that matches decides.

Sources: GitLab documentation, "Syntax of CODEOWNERS file" and "Advanced CODEOWNERS configuration",
and GitLab's ``ee/lib/gitlab/code_owners`` for what these leave open. Patterns are Ruby's
``File.fnmatch`` with FNM_PATHNAME and FNM_DOTMATCH, below any folder unless they start with a
slash; a trailing slash means all that is below, and without one a folder's files are not meant.
Sections of one name (in any case of letters) are one; ``[codeowners]`` is the unnamed one.
``^[...]`` is optional unless another heading of that name is not. ``!`` excludes a path from its
section for good. Inline comments do not exist: owners in one count.

``required`` is 0 without owners (GitLab approves such a rule itself) and in optional sections, else
the heading's ``[N]``, at least 1. Of a pattern that stands twice in a section the last one counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from turnpike.approvals.fnmatch import glob_of_fnmatch
from turnpike.approvals.interface import DialectName, Entry, Ignored, Rule

_HEADING = re.compile(
    r"(?P<optional>\^)?\[(?P<name>.*?)\](?:\[(?P<count>[\s0-9]*)\])?(?P<owners>\s*[@\w./\-\s+]*)",
    re.ASCII,
)
_UNNAMED = "codeowners"
"""What GitLab itself calls the lines before the first heading."""

_OWNER = re.compile(
    r"(?P<role>(?<!\S)@@(?:developer|maintainer|owner)s?(?!\S))"
    r"|(?P<email>[^@\s]{0,99}\w@[^@\s]{0,254}\w)"
    r"|(?<![\w@])(?P<name>@[A-Za-z0-9_.][\w.-]*(?:/[A-Za-z0-9_.][\w.-]*)*)",
    re.IGNORECASE | re.ASCII,
)
_LONGEST_COUNT = 9
"""Digits; a larger count asks for more people than there are, however it is written."""

_SPLIT = re.compile(r"(?<!\\)\s+", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Heading:
    """A section's heading: what its lines inherit."""

    name: str | None = None
    optional: bool = False
    count: int = 1
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GitLabFile:
    """A parsed file of GitLab's dialect; the rules of one section stand together."""

    rules: tuple[Rule, ...]
    ignored: tuple[Ignored, ...]

    def entries_of(self, path: str) -> tuple[Entry, ...]:
        """Return one entry for each section of which a line matches and none excludes the path."""
        entries: list[Entry] = []
        for _, section in groupby(self.rules, key=lambda rule: rule.section):
            matching = [rule for rule in section if rule.glob and rule.glob.matches(path)]
            if matching and not any(rule.excludes for rule in matching):
                entries.append(_entry(matching[-1]))
        return tuple(entries)


def _entry(rule: Rule) -> Entry:
    return Entry(rule.line, rule.pattern, rule.owners, rule.required, rule.section)


class GitLab:
    """GitLab's dialect."""

    name: DialectName = "gitlab"
    locations = ("CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")

    def parse(self, text: str) -> GitLabFile:
        """Return the file; only a newline ends a line."""
        reader = _Reader()
        for number, line in enumerate(text.split("\n"), start=1):
            reader.read(number, line.strip(" \t\r\n\f\v\0"))
        return GitLabFile(tuple(reader.rules()), tuple(reader.ignored))


class _Reader:
    """Reads line by line; the heading above a line is what its rule belongs to."""

    def __init__(self) -> None:
        self.ignored: list[Ignored] = []
        self._heading = _Heading()
        self._sections: dict[str | None, list[tuple[Rule, _Heading]]] = {None: []}

    def read(self, number: int, line: str) -> None:
        if not line or line.startswith("#"):
            return
        match = _HEADING.match(line)
        if match is not None:
            self._open(number, match)
            return
        if line.startswith(("[", "^[")):
            self._ignore(number, "heading-unparsable", "a heading such as [Name]", line,
                         "Close the bracket: GitLab takes the line for a pattern.")  # fmt: skip
        self._add(number, line)

    def _open(self, number: int, match: re.Match[str]) -> None:
        name = match["name"]
        known = self._known(name)
        optional, count = match["optional"] is not None, _count(match["count"] or "")
        said = match["owners"].split()
        owners = _owners(match["owners"])
        self._heading = _Heading(known, optional, max(1, count), owners)
        self._sections.setdefault(known, [])
        rest = match.string[match.end() :].strip()
        if known is None or not name.strip():
            self._ignore(number, "section-unnamed", "a name in the brackets", match.string,
                         f"Name the section, and not {_UNNAMED}.")  # fmt: skip
        wrong = match["count"] is not None and not (match["count"].strip().isdigit() and count)
        if wrong or (optional and count):
            self._ignore(number, "invalid-count", "a count of 1 or more in a required section",
                         match.string, "Correct or remove the count.")  # fmt: skip
        if rest or not all(_OWNER.fullmatch(word) for word in said):
            self._ignore(number, "invalid-owner", "default owners after the heading",
                         rest or match.string, "Correct what follows the heading.")  # fmt: skip

    def _known(self, name: str) -> str | None:
        """Return the section of a name; None for the one of the lines before the first heading."""
        if name == _UNNAMED:
            return None
        first, *others = self._sections
        named = [(one or _UNNAMED, one) for one in (first, *others) if others]
        return next((one for key, one in named if key.casefold() == name.casefold()), name)

    def _add(self, number: int, line: str) -> None:
        pattern, *rest = _SPLIT.split(line, maxsplit=1)
        excludes = pattern.startswith("!")
        glob = glob_of_fnmatch(_normalised(pattern.removeprefix("!")))
        if glob is None:
            self._ignore(number, "matches-nothing", "a pattern that some path matches", pattern,
                         "Correct the pattern; a bracket must be closed.")  # fmt: skip
            return
        said = rest[0] if rest else ""
        owners = () if excludes else _owners(said) if said else self._heading.owners
        if not excludes:
            self._doubt_owners(number, said)
        if not owners and not excludes:
            self._ignore(number, "no-owner", "an owner on the line or in its heading", pattern,
                         "Name an owner: GitLab approves such a line itself.")  # fmt: skip
        rule = Rule(number, pattern, owners, 0, self._heading.name, glob, excludes)
        self._sections[self._heading.name].append((rule, self._heading))

    def _doubt_owners(self, number: int, said: str) -> None:
        wrong = next((word for word in said.split() if not _OWNER.fullmatch(word)), None)
        if wrong is not None and wrong.startswith("#"):
            self._ignore(number, "comment-unsupported", "a comment on a line of its own", wrong,
                         "Move the comment: owners named in it count.")  # fmt: skip
        elif wrong is not None:
            self._ignore(number, "invalid-owner", "@user, @group, @@role or an e-mail address",
                         wrong, "Correct the owner: GitLab leaves it out.")  # fmt: skip

    def _ignore(self, line: int, code: str, expected: str, actual: str, solution: str) -> None:
        self.ignored.append(Ignored(line, f"codeowners.{code}", expected, actual, solution))

    def rules(self) -> Iterator[Rule]:
        """Yield the rules section by section, each with what its section requires."""
        for lines in self._sections.values():
            optional = all(heading.optional for _, heading in lines)
            for rule, heading in lines:
                needed = 0 if optional or not rule.owners else heading.count
                yield replace(rule, required=needed)


def _count(text: str) -> int:
    """Return the number at the beginning, as Ruby's ``to_i`` reads it; 0 where there is none."""
    digits = next(iter(text.split()), "").lstrip("0")
    return int(digits or 0) if len(digits) <= _LONGEST_COUNT else 10**_LONGEST_COUNT


def _owners(text: str) -> tuple[str, ...]:
    """Return every owner that GitLab finds in a text, each once, in its order."""
    return tuple(dict.fromkeys(match[0] for match in _OWNER.finditer(text)))


def _normalised(pattern: str) -> str:
    """Return the pattern as GitLab hands it to fnmatch."""
    if pattern == "*":
        return "/**/*"
    plain = re.sub(r"\\\s+", " ", re.sub(r"\A\\#", "#", pattern), flags=re.ASCII)
    rooted = plain if plain.startswith("/") else f"/**/{plain}"
    return f"{rooted}**/*" if rooted.endswith("/") else rooted
