"""A pattern as each dialect writes it; None where a dialect has no such pattern."""

from __future__ import annotations

from collections.abc import Callable

from turnpike.approvals.glob import EVERYTHING, Folders, Glob, Many, One, Segment, Step

_SPECIAL = frozenset(".+*?()|[]{}^$\\")


def is_everything(glob: Glob) -> bool:
    """Tell whether a pattern is the one of all paths, however it is written."""
    return glob.steps == EVERYTHING.steps and glob.tail != "below"


def in_github(glob: Glob) -> tuple[str, ...] | None:
    """Return the pattern in GitHub's dialect.

    GitHub has no pattern of a file alone: one that names a file also means a folder of that name.
    """
    if is_everything(glob):
        return ("*",)
    names = _names(glob.steps, _github_char)
    if names is None:
        return None
    steps = glob.steps
    below = glob.tail == "below"
    if glob.tail == "file" and len(steps) > 1 and steps[-2:] == EVERYTHING.steps:
        names, below = names[:-2], True
    text = "/".join(names)
    text = text if names[0] == "**" else f"/{text}"
    short = text.removeprefix("**/")
    if "/" not in short and short != "*" and not short.startswith(("#", "!")):
        text = short
    return (f"{text}/" if below else text,)


def in_gitlab(glob: Glob) -> tuple[str, ...] | None:
    """Return the pattern in GitLab's dialect, as two where a file and a folder are meant."""
    if is_everything(glob):
        return ("*",)
    names = _names(glob.steps, _ruby_char)
    if names is None:
        return None
    text = "/".join(names[1:]) if names[0] == "**" else "/" + "/".join(names)
    text = f"\\{text}" if text.startswith(("#", "!")) else text
    return {"file": (text,), "below": (f"{text}/",), "both": (text, f"{text}/")}[glob.tail]


def in_gitea(glob: Glob) -> str:
    """Return the pattern as an expression of Gitea's, as it stands in the file."""
    return _escaped(expression_of(glob))


def all_but(globs: tuple[Glob, ...]) -> str:
    """Return the rule of Gitea's that means all paths which none of the patterns matches."""
    return "!" + _escaped(f"(?:{'|'.join(expression_of(glob) for glob in globs)})")


def expression_of(glob: Glob) -> str:
    """Return a pattern as a regular expression of Go, to be matched as a whole."""
    if is_everything(glob):
        return ".*"
    text = ""
    for number, step in enumerate(glob.steps):
        if isinstance(step, Folders):
            text += "(?:[^/]*/)*"
        else:
            text += "".join(_go_char(atom) for atom in step)
            text += "" if number == len(glob.steps) - 1 else "/"
    text = f"[!]{text[1:]}" if text.startswith("!") else text
    return text + {"file": "", "below": "/.*", "both": "(?:/.*)?"}[glob.tail]


Spell = Callable[[One | Many], str | None]


def _names(steps: tuple[Step, ...], spell: Spell) -> list[str] | None:
    names = ["**" if isinstance(step, Folders) else _name(step, spell) for step in steps]
    known = [name for name in names if name is not None]
    return known if len(known) == len(names) else None


def _name(segment: Segment, spell: Spell) -> str | None:
    chars = [char for atom in segment if (char := spell(atom)) is not None]
    return "".join(chars) if len(chars) == len(segment) else None


def _plain(atom: One | Many) -> str | None:
    """Return what ``*``, ``?`` and single characters are; None for a set."""
    if isinstance(atom, Many):
        return "*"
    if not atom.chars:
        return "?" if atom.negated else None
    return next(iter(atom.chars)) if len(atom.chars) == 1 and not atom.negated else None


def _github_char(atom: One | Many) -> str | None:
    char = _plain(atom)
    if isinstance(atom, Many) or not atom.chars or char is None:
        return char
    if char in "[]":
        return None
    return f"\\{char}" if char in " *?\\" else char


def _ruby_char(atom: One | Many) -> str | None:
    char = _plain(atom)
    if isinstance(atom, Many) or not atom.chars:
        return char
    if char is None:
        inner = "".join(f"\\{one}" if one in "]\\^-!" else one for one in sorted(atom.chars))
        return f"[{'^' if atom.negated else ''}{inner}]"
    return f"\\{char}" if char in " *?[]\\" else char


def _go_char(atom: One | Many) -> str:
    if isinstance(atom, Many):
        return "[^/]*"
    if not atom.negated and len(atom.chars) == 1:
        (char,) = atom.chars
        return f"\\{char}" if char in _SPECIAL else char
    inner = "".join(f"\\{one}" if one in "]\\^-[" else one for one in sorted(atom.chars))
    return f"[^/{inner}]" if atom.negated else f"[{inner}]"


def _escaped(expression: str) -> str:
    """Return an expression as it stands in the file, where a backslash takes a meaning away."""
    return "".join(f"\\{char}" if char in "\\# \t" else char for char in expression)
