"""Who does what in the story, and the models that they bring."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample model: who brings it, who reviews it for the team, and whether risk reviews too."""

    key: str
    author: str
    reviewer: str
    needs_risk: bool = False

    @property
    def folder(self) -> str:
        """Return the folder of the model in the monorepo."""
        return f"models/{self.key}"

    @property
    def branch(self) -> str:
        """Return the branch on which it is brought."""
        return f"add/{self.key.replace('/', '-')}"


HERO = Sample("oncology/tumour-malignancy", "maria-lopez", "tom-becker", needs_risk=True)
OTHERS = (
    Sample("endocrinology/diabetes-progression", "jonas-weber", "lena-fischer"),
    Sample("manufacturing/cultivar-identity", "aisha-khan", "ravi-patel"),
    Sample("manufacturing/label-digit-reader", "aisha-khan", "ravi-patel"),
    Sample("oncology/discharge-summary", "maria-lopez", "tom-becker"),
)
ALL = (HERO, *OTHERS)
RISK = "nora-smith"
RELEASE_MANAGER = "grace-lee"
BOT = "turnpike-bot"
