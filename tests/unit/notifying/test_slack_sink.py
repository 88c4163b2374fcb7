from __future__ import annotations

from turnpike.notifying.posting import Address
from turnpike.notifying.slack_sink import SlackSink, slack_message
from unit.notifying.receiver import receiving
from unit.notifying.samples import patience, sample_event


def test_no_text_is_a_link_a_mention_or_a_format() -> None:
    message = slack_message(sample_event(text="<!channel> & <http://x|y> @here \u202e"))
    text = str(message["text"])
    assert text == "&lt;!channel&gt; &amp; &lt;http://x|y&gt; @\u200bhere \\u202e"
    assert (message["mrkdwn"], message["parse"], message["link_names"]) == (False, "none", False)


def test_an_event_is_one_message() -> None:
    with receiving() as receiver:
        SlackSink("key", Address(receiver.url), patience()).send(sample_event(text="a"))
    assert [body["text"] for body in receiver.took] == ["a"]


def test_its_name_holds_no_secret() -> None:
    sink = SlackSink("slack:https://h/secret", Address("https://h/secret"), patience())
    assert "secret" not in f"{sink} {sink!r}"
