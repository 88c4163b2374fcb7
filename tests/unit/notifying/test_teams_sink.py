from __future__ import annotations

from turnpike.notifying.posting import Address
from turnpike.notifying.teams_sink import TeamsSink, teams_message
from unit.notifying.receiver import receiving
from unit.notifying.samples import patience, sample_event


def test_an_event_is_a_card_whose_text_is_shown_as_it_is() -> None:
    with receiving() as receiver:
        TeamsSink("key", Address(receiver.url), patience()).send(sample_event(text="**a**\nb"))
    (attachment,) = receiver.took[0]["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    runs = [run for block in attachment["content"]["body"] for run in block["inlines"]]
    assert [(run["type"], run["text"]) for run in runs] == [("TextRun", "**a**"), ("TextRun", "b")]


def test_nothing_is_a_mention() -> None:
    said = str(teams_message(sample_event(text="<at>Everybody</at> @team")))
    assert "<at>" not in said
    assert "@team" not in said
    assert "entities" not in said
