"""The model card: every section that any risk tier asks for, with what belongs in it."""

from __future__ import annotations

from turnpike.scaffold.subject import Subject

SECTIONS: dict[str, str] = {
    "Overview": "What it does, from what, with which kind of model, in three sentences.",
    "Intended use": "Who uses the answer, for which decision, and who has the last word.",
    "Out-of-scope use": "What it must not be used for, even where it would seem to work.",
    "Data": "Which records, from where, from when, how many, under which licence.",
    "Performance": "What is measured and what the numbers mean; the thresholds are in model.yaml.",
    "Limitations": "Where it fails, what it has never seen, how uncertain the numbers are.",
    "Ethical considerations": "Who could be harmed by a wrong answer, and what is done about it.",
    "Contacts": "Whom to ask.",
}


def card(subject: Subject) -> str:
    """Return the card with all sections, each with what to replace."""
    sections = [f"## {title}\nREPLACE: {asked}\n" for title, asked in SECTIONS.items()]
    return "\n".join([f"# {subject.title}\n", *sections])
