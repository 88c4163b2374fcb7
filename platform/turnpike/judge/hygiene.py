"""Step 1: what Git objects alone tell, before anything of the change is parsed or built."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from turnpike.judge.decision import ChangeClass, Finding
from turnpike.judge.facts import Change, Entry, Facts
from turnpike.judge.layout import is_model_file, model_of

_PLAIN = re.compile(r"[A-Za-z0-9._@+ -]+(/[A-Za-z0-9._@+ -]+)*\Z")
_FORBIDDEN_SEGMENT = re.compile(r"(\.{1,2}|\.git.*|.*[ .])\Z", re.IGNORECASE)
_NOT_GITS = frozenset((".gitignore", ".github", ".gitlab", ".gitea", ".gitlab-ci.yml"))
"""Names that begin as those of Git's own files do, in the one spelling that hosts look for."""
_BINARY_CLASSES = frozenset(("platform", "docs", "terraform"))
SIZE_LIMIT = 256 * 1024
LARGE_SIZE_LIMIT = 8 * 1024 * 1024
MOST_PATHS = 20_000
MOST_COMMITS = 2_000
MOST_BYTES = 128 * 1024 * 1024
"""In all files of a change that are read, before and after."""


def hygiene(facts: Facts, change_class: ChangeClass) -> tuple[Finding, ...]:
    """Return what makes the change unfit to be looked at any further."""
    too_much = (*_too_many(facts), *_too_much(facts.changes))
    return too_much or (
        *_conflicts(facts),
        *_empty(facts),
        *(finding for change in facts.changes for finding in _of_change(change, change_class)),
        *_twins(change for change in facts.changes if change.new),
        *_one_model(facts, change_class),
        *_leaks(facts),
    )


def is_read(mode: str, size: int) -> bool:
    """Tell whether a file's content is looked at: only regular ones of a sane size are."""
    return mode == "100644" and size <= SIZE_LIMIT


def is_too_much(changes: Sequence[Change]) -> bool:
    """Tell whether a change is refused for its extent alone, so that nothing of it need be read."""
    return len(changes) > MOST_PATHS or any(_too_much(changes))


def _too_many(facts: Facts) -> Iterator[Finding]:
    counts = (
        ("change.too-many-paths", len(facts.changes), MOST_PATHS, "paths"),
        ("change.too-many-commits", len(facts.commits), MOST_COMMITS, "commits"),
    )
    for code, count, most, what in counts:
        if count > most:
            yield _finding(
                code,
                "the change",
                f"at most {most} {what}",
                f"more than {most}",
                "Nobody reviews so much at once, and the record keeps all of it for ever.",
                "Open several pull requests, each of a part of it.",
            )


def _too_much(changes: Iterable[Change]) -> Iterator[Finding]:
    entries = [e for change in changes for e in (change.old, change.new) if e]
    size = sum({e.object: e.size for e in entries if is_read(e.mode, e.size)}.values())
    if size > MOST_BYTES:
        yield _finding(
            "change.too-large",
            "the change",
            f"at most {MOST_BYTES} bytes in all files together",
            f"{size} bytes",
            "Nobody reviews so much at once, and a judge that reads it would be stopped by it.",
            "Open several pull requests, each of a part of it.",
        )


def _conflicts(facts: Facts) -> Iterator[Finding]:
    if facts.merge.merge_tree is None:
        yield Finding(
            code="change.conflict",
            subject=", ".join(facts.merge.conflicts) or "the change",
            expected="a head that merges into main without a conflict",
            actual="a merge conflict",
            message="The change and main edit the same lines.",
            solution="Rebase the branch on main, then push it again.",
        )


def _empty(facts: Facts) -> Iterator[Finding]:
    if facts.merge.merge_tree is not None and not facts.changes:
        yield Finding(
            code="change.empty",
            subject="the change",
            expected="at least one path that differs from main",
            actual="none: the change is already on main",
            message="There is nothing to merge.",
            solution="Push the commits that are missing; if none are, there is nothing left to do.",
        )


def _of_change(change: Change, change_class: ChangeClass) -> Iterator[Finding]:
    if not _is_plain(change):
        yield _finding(
            "change.path-not-plain",
            change.path,
            "a path of plain ASCII letters, digits and . _ - @ + and spaces",
            change.path,
            "Other characters can hide what a path is.",
            "Rename the file.",
        )
    if change.new is not None:
        yield from _of_entry(change.path, change.new, change_class)


def _is_plain(change: Change) -> bool:
    if not change.plain or not _PLAIN.match(change.path) or len(change.path) > 240:
        return False
    segments = change.path.split("/")
    return not any(_FORBIDDEN_SEGMENT.match(s) for s in segments if s not in _NOT_GITS)


def _of_entry(path: str, entry: Entry, change_class: ChangeClass) -> Iterator[Finding]:
    executable_allowed = change_class == "platform"
    if entry.mode != "100644" and not (entry.mode == "100755" and executable_allowed):
        kinds = {
            "100755": "an executable file",
            "120000": "a symbolic link",
            "160000": "a submodule",
        }
        yield _finding(
            "change.file-kind",
            path,
            "a regular file, mode 100644",
            f"{kinds.get(entry.mode, 'mode')} ({entry.mode})",
            "Links, submodules and executable files can reach outside of what is judged.",
            "Replace it by a regular file without the executable bit.",
        )
    limit = LARGE_SIZE_LIMIT if change_class in _BINARY_CLASSES else SIZE_LIMIT
    if entry.size > limit:
        yield _finding(
            "change.file-too-large",
            path,
            f"at most {limit} bytes",
            f"{entry.size} bytes",
            "Models and data live in the registry, not in Git.",
            "Take the file out of the change.",
        )
    if model_of(path) and not is_model_file(path):
        yield _finding(
            "change.file-not-allowed",
            path,
            "model.yaml, card.md, train.py, data.py, checks/<name>.py or BUILD",
            path.split("/", 3)[3],
            "A model's folder may hold only these files.",
            "Take the file out of the change; shared code belongs to the platform.",
        )


def _twins(changes: Iterable[Change]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for change in changes:
        path = change.path
        twin = change.twin or seen.setdefault(path.casefold(), path)
        if twin != path:
            yield _finding(
                "change.case-twins",
                path,
                "paths that differ in more than upper and lower case",
                twin,
                "Some file systems would hold only one of the two.",
                "Rename one of the files.",
            )


def _one_model(facts: Facts, change_class: ChangeClass) -> Iterator[Finding]:
    if change_class != "model":
        return
    strays = sorted(change.path for change in facts.changes if model_of(change.path) is None)
    for path in strays:
        yield _finding(
            "change.file-not-allowed",
            path,
            "models/<team>/<model>/<file>",
            path,
            "Only folders of models may stand below models/.",
            "Move the file into the folder of its model.",
        )
    keys = sorted({str(key) for change in facts.changes if (key := model_of(change.path))})
    if len(keys) > 1:
        yield _finding(
            "change.many-models",
            keys[0],
            "one model in a pull request",
            ", ".join(keys[:5]),
            "Each model is judged on its own evidence, by its own owners.",
            "Open one pull request for each model.",
        )


def _leaks(facts: Facts) -> Iterator[Finding]:
    for leak in facts.leaks:
        yield _finding(
            "change.secret",
            f"{leak.path}:{leak.line}",
            "no credential in Git: every clone keeps it for ever",
            leak.secret,
            "A credential that was pushed is known to everybody who can read the repository.",
            "Revoke it where it was issued, then push a history without it; name a secret of the"
            " cluster instead.",
        )


def _finding(
    code: str, subject: str, expected: str, actual: str, message: str, solution: str
) -> Finding:
    return Finding(
        code=code,
        subject=subject,
        expected=expected,
        actual=actual,
        message=message,
        solution=solution,
    )
