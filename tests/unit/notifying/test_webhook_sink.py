from __future__ import annotations

from turnpike.notifying.posting import Address
from turnpike.notifying.webhook_sink import WebhookSink
from unit.notifying.receiver import receiving
from unit.notifying.samples import patience, sample_event


def test_an_event_is_posted_whole_as_a_cloud_event() -> None:
    with receiving() as receiver:
        WebhookSink("key", Address(receiver.url), patience()).send(sample_event("sha256:1"))
    assert receiver.asked == [("application/cloudevents+json", sample_event().envelope())]
    assert receiver.took[0] == {
        "specversion": "1.0",
        "id": "sha256:1",
        "source": "urn:turnpike:abc",
        "type": "dev.turnpike.decision.allowed",
        "subject": "a/b",
        "time": "2026-03-02T09:00:00Z",
        "datacontenttype": "application/json",
        "data": {"class": "model"},
    }
