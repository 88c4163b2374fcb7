"""What would satisfy a rule or the core, in a form with which the judge can decide again.

Rules name remedies in their denials (``policies/library/remedies.rego``), the core's own findings
have theirs in ``explain/core_remedies.py``. ``supposing.py`` carries them out on facts.
"""

from __future__ import annotations

import json
import re
from datetime import UTC
from typing import Annotated, Literal

from pydantic import AwareDatetime, Discriminator, Field, JsonValue

from turnpike.documents.document import Part
from turnpike.documents.identifiers import Digest
from turnpike.evidence.statement import BILL_OF_MATERIALS, PROVENANCE, SCAN, VALIDATION

Bound = Literal["exactly", "such-as", "at-least", "at-most", "includes", "one-of"]
"""``includes`` adds the value to a list; of ``one-of`` the value is the list of those that do."""

Run = Literal["platform", "team", "none"]

_BOUNDS: dict[Bound, str] = {
    "exactly": "is",
    "such-as": "is such as",
    "at-least": "at least",
    "at-most": "at most",
    "includes": "includes",
    "one-of": "is one of",
}
_STATEMENTS: dict[tuple[str, Run], str] = {
    (PROVENANCE, "none"): "provenance, signed by a registrar",
    (BILL_OF_MATERIALS, "none"): "a bill of materials, signed by a registrar",
    (SCAN, "none"): "a clean scan of the artifact",
    (VALIDATION, "platform"): "a platform run that meets every threshold",
    (VALIDATION, "team"): "a team run whose checks pass",
}


def _shown(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class FieldRemedy(Part):
    """A field of a rule's input has another value; ``path`` leads there from the input's top."""

    kind: Literal["field"]
    path: tuple[str | int, ...] = Field(min_length=1)
    bound: Bound
    value: JsonValue
    text: str = ""

    def in_words(self, where: str) -> str:
        """Return what is needed, in a few plain words; ``where`` names document and field."""
        if self.text:
            return self.text
        if self.bound == "one-of" and isinstance(self.value, list):
            return f"{where} is one of {', '.join(map(_shown, self.value))}"
        return f"{where} {_BOUNDS[self.bound]} {_shown(self.value)}"


class StatementRemedy(Part):
    """A clean statement of a kind exists, isolated and bound to the manifest."""

    kind: Literal["statement"]
    predicate_type: str
    run: Run

    def in_words(self) -> str:
        """Return what is needed, in a few plain words."""
        kind = (self.predicate_type, self.run)
        return _STATEMENTS.get(kind) or f"a statement {self.predicate_type} (run: {self.run})"


class CheckRemedy(Part):
    """A check that failed in a run passes."""

    kind: Literal["check"]
    predicate_type: str
    run: Run
    name: str
    expected: str

    def in_words(self) -> str:
        """Return what is needed, in a few plain words."""
        return f"the check {self.name} passes: {self.expected}"


class MetricRemedy(Part):
    """The platform's run measures a metric on a slice as well as ``value``, or better."""

    kind: Literal["metric"]
    slice: str
    metric: str
    bound: Literal["at-least", "at-most"]
    value: float

    def in_words(self) -> str:
        """Return what is needed, in a few plain words."""
        return f"{self.metric} {_BOUNDS[self.bound]} {_shown(self.value)} on slice {self.slice}"


class RecordsRemedy(Part):
    """A metric is measured on at least so many records of a slice."""

    kind: Literal["records"]
    slice: str
    metric: str
    value: int

    def in_words(self) -> str:
        """Return what is needed, in a few plain words."""
        return f"{self.metric} on slice {self.slice} measured on at least {self.value} records"


class ApprovalRemedy(Part):
    """So many more people of a group approve; ``people`` are those who could, where it is known.

    ``group`` may name several groups, all of which one and the same person speaks for.
    """

    kind: Literal["approval"]
    group: str
    count: int
    people: tuple[str, ...] = ()

    def in_words(self) -> str:
        """Return what is needed, in a few plain words."""
        if self.count > 1:
            return f"{self.count} approvals from {self._groups()} (of {', '.join(self.people)})"
        both = "somebody in all of " if " and " in self.group else ""
        return f"one approval from {both}{self._groups()} ({' or '.join(self.people)})"

    def _groups(self) -> str:
        return re.sub(r"(^| or | and )", r"\1@", self.group)


class WithdrawalRemedy(Part):
    """A person takes a request for changes back."""

    kind: Literal["withdrawal"]
    person: str

    def in_words(self) -> str:
        """Return what is needed, in a few plain words."""
        return f"{self.person} takes the request for changes back"


class PushRemedy(Part):
    """Somebody who is known vouches for having pushed the head."""

    kind: Literal["push"]

    def in_words(self) -> str:
        """Return what is needed, in a few plain words."""
        return "a push of the head that somebody known vouches for"


class TimeRemedy(Part):
    """Time has passed: it is that moment or later."""

    kind: Literal["time"]
    until: AwareDatetime

    def in_words(self) -> str:
        """Return what is needed, in a few plain words."""
        return f"after {self.until.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


class LeaveOutRemedy(Part):
    """The change leaves out every file at or below a path, as if it had never touched them."""

    kind: Literal["leave-out"]
    under: str

    def in_words(self) -> str:
        """Return what is needed, in a few plain words."""
        return f"the change leaves out {self.under}"


class KeepRemedy(Part):
    """The change keeps its files below a folder and leaves out all others."""

    kind: Literal["keep"]
    under: str

    def in_words(self) -> str:
        """Return what is needed, in a few plain words."""
        return f"the change holds its files below {self.under} alone"


class ClassRemedy(Part):
    """The change keeps the files of one class and leaves out all others."""

    kind: Literal["class"]
    class_: str = Field(alias="class")

    def in_words(self) -> str:
        """Return what is needed, in a few plain words."""
        return f"the change holds its files of class {self.class_} alone"


class FileRemedy(Part):
    """A file of the change is as it must be: its mode, size or content; or it is gone.

    ``content`` is a digest. Whatever is null stays as it is.
    """

    kind: Literal["file"]
    path: str
    mode: str | None = None
    size: int | None = None
    content: Digest | None = None
    gone: bool = False

    def in_words(self) -> str:
        """Return what is needed, in a few plain words."""
        if self.gone:
            return f"{self.path} is deleted"
        wanted = [f"mode {self.mode}"] if self.mode else []
        wanted += [f"at most {self.size} bytes"] if self.size is not None else []
        wanted += [f"the content {self.content}"] if self.content else []
        return f"{self.path} is a regular file: {', '.join(wanted)}"


class RenameRemedy(Part):
    """A file of the change stands at another path."""

    kind: Literal["rename"]
    path: str
    to: str

    def in_words(self) -> str:
        """Return what is needed, in a few plain words."""
        return f"{self.path} has a plain name of its own, such as {self.to}"


class DerivationRemedy(Part):
    """The derived files of a deployment, ``environment/target/team/model``, are written anew."""

    kind: Literal["derivation"]
    deployment: str

    def in_words(self) -> str:
        """Return what is needed, in a few plain words."""
        return f"the derived files of {self.deployment} are written anew"


class ContentRemedy(Part):
    """The change itself must differ in a way that only its author knows; nothing to decide again.

    ``code``, ``subject`` and ``expected`` are the finding's; ``note`` may say more.
    """

    kind: Literal["content"]
    code: str
    subject: str
    expected: str
    note: str = ""

    def in_words(self) -> str:
        """Return what is needed, in a few plain words."""
        return f"{self.note or f'{self.subject}: {self.expected}'} ({self.code})"


RuleRemedy = Annotated[
    FieldRemedy
    | StatementRemedy
    | CheckRemedy
    | MetricRemedy
    | RecordsRemedy
    | ApprovalRemedy
    | TimeRemedy
    | LeaveOutRemedy
    | ClassRemedy,
    Discriminator("kind"),
]
"""What a rule may name."""

Remedy = Annotated[
    FieldRemedy
    | StatementRemedy
    | CheckRemedy
    | MetricRemedy
    | RecordsRemedy
    | ApprovalRemedy
    | WithdrawalRemedy
    | PushRemedy
    | TimeRemedy
    | LeaveOutRemedy
    | KeepRemedy
    | ClassRemedy
    | FileRemedy
    | RenameRemedy
    | DerivationRemedy
    | ContentRemedy,
    Discriminator("kind"),
]
