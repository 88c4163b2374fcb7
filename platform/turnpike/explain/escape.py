"""Text that came from a manifest, an artifact or a commit, made safe for where it is shown."""

from __future__ import annotations

import json
import re
import unicodedata

_HIDDEN_CATEGORIES = frozenset(("Cc", "Cf", "Co", "Cs", "Zl", "Zp"))
_MARKUP = re.compile(r"[\\`*_{}\[\]()#+!|~>$^=]")
_REFERENCE = re.compile(r"([@#!~%$^:])(?=\w)|(://)|\b(www|GH)(?=[.-])|(&amp;)(?=\w)", re.IGNORECASE)
_BREAK = "\u200b"  # shows nothing, and no host takes what it parts for one word
_ACCOUNT = re.compile(r"//.*@")
_COMMAND = re.compile(r"##(?=\[|vso\[)|^\s*::(?=\S)", re.IGNORECASE)
"""Where a runner of workflows would obey a line of its log (GitHub Actions, Azure Pipelines)."""


def for_terminal(text: str) -> str:
    """Return the text with control, bidirectional and invisible characters shown as escapes.

    A newline becomes a space: whoever prints decides where lines end. What a runner of workflows
    takes for a command is broken by a backslash: terminals are also logs.
    """
    line = text.replace("\n", " ")
    # Printable ASCII holds nothing that hides, and is most of what a long table shows.
    is_plain = line.isascii() and line.isprintable()
    visible = line if is_plain else "".join(map(_visible, line))
    return _COMMAND.sub(_broken, visible)


def _broken(command: re.Match[str]) -> str:
    return f"{command[0][:-1]}\\{command[0][-1]}"


def _visible(character: str) -> str:
    return f"\\u{ord(character):04x}" if _is_hidden(character) else character


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in _HIDDEN_CATEGORIES


def without_account(address: str) -> str:
    """Return an address, or any text that has one, without the account that may stand in it."""
    return _ACCOUNT.sub("//...@", address)


def for_json(text: str) -> str:
    """Return the text of a JSON document, which stays the same document, safe for a terminal.

    JSON leaves control characters beyond ASCII and what reorders text as they are; here they are
    escapes as well. Newlines, which only stand between values, are kept.
    """
    if text.isascii() and "\x7f" not in text:
        return text
    return "".join(
        json.dumps(one)[1:-1] if one != "\n" and _is_hidden(one) else one
        for one in text.replace("\x7f", "\\u007f")
    )


def for_markdown(text: str) -> str:
    """Return the text as Markdown that shows it literally, wherever a text may stand.

    Nothing in it opens a block or a span, is HTML, a link, a mention, a reference to an issue, an
    emoji or a formula, on hosts that follow CommonMark (section 2.4, backslash escapes) and extend
    it as GitHub, GitLab and Gitea do.
    """
    visible = for_terminal(text).replace("&", "&amp;").replace("<", "&lt;")
    parted = _REFERENCE.sub(_parted, visible)
    return _opened_by_nothing(_MARKUP.sub(r"\\\g<0>", parted))


def _parted(match: re.Match[str]) -> str:
    found = match[0]
    return f":{_BREAK}//" if found == "://" else f"{found}{_BREAK}"


def _opened_by_nothing(text: str) -> str:
    """A list, a rule or an indented block begins with the first characters of a line."""
    if not text.strip():
        return "&nbsp;" * len(text)
    indented = len(text) - len(text.lstrip())
    shown = text.lstrip()
    number = re.match(r"\d+(?=\.)", shown)
    if number:
        shown = f"{number[0]}\\{shown[number.end() :]}"
    elif shown.startswith("-"):
        shown = f"\\{shown}"
    return "&nbsp;" * indented + shown


def for_code_block(text: str) -> str:
    """Return the text as a fenced block of a diff, whose fence is longer than any within."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    lines = (for_terminal(line) for line in text.split("\n"))
    return "\n".join((f"{fence}diff", *lines, fence))
