"""What a scaffold is filled in with."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """A new model: its team and name, whom to ask, and who is called (empty: nobody yet)."""

    team: str
    name: str
    contact: str
    rotation: str

    @property
    def title(self) -> str:
        """Return the name as a heading: ``readmission-risk`` is ``Readmission risk``."""
        return self.name.replace("-", " ").capitalize()


def on_call(subject: Subject) -> str:
    """Return the block ``onCall``; as a comment where the team has no rotation yet."""
    if not subject.rotation:
        return (
            "# Who is called at night; add a rotation to the team in organisation.yaml first.\n"
            "# onCall:\n"
            "#   rotation: the-rotation\n"
            '#   channel: "#the-channel"\n'
        )
    return (
        "# Who is called at night: a rotation that organisation.yaml lists for the team.\n"
        "onCall:\n"
        f"  rotation: {json.dumps(subject.rotation)}\n"
        f'  channel: "#{subject.team}-models"\n'
    )
