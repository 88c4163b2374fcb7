"""Only what a cluster means is read of its objects; whatever else they hold says nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue, ValidationError

from turnpike.cluster.objects_seen import (
    Application,
    InferenceService,
    Metadata,
    Plain,
    Pod,
    Workload,
)
from turnpike.documents.identifiers import digest_of

DIGEST, OTHER = digest_of(b"released"), digest_of(b"other")
COMMAND = ["python", "-m", "turnpike.delivery.verify_artifact"]


def arguments(digest: str = DIGEST) -> list[JsonValue]:
    return ["--digest", digest, "--source", "/mnt/fetched", "--destination", "/mnt/models"]


def step(**bent: JsonValue) -> JsonValue:
    said: dict[str, JsonValue] = {
        "name": "verify-artifact", "command": [*COMMAND], "args": arguments(),
    }  # fmt: skip
    return said | bent


def thing(kind: str, **parts: JsonValue) -> dict[str, JsonValue]:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": "tumour"}, **parts}


def pod(*steps: JsonValue, **status: JsonValue) -> Pod:
    return Pod.model_validate(thing("Pod", spec={"initContainers": [*steps]}, status=status))


# --- what an object leaves out --------------------------------------------------------------------

OPTIONAL = ("namespace", "labels", "annotations", "ownerReferences", "generation",
            "deletionTimestamp")  # fmt: skip


@given(st.sets(st.sampled_from(OPTIONAL)))
def test_a_field_that_is_null_is_as_if_it_were_left_out(nulls: set[str]) -> None:
    """Go writes null for an empty list or mapping, some clients leave it out."""
    assert Metadata.model_validate({"name": "x"} | dict.fromkeys(nulls)) == Metadata(name="x")


@pytest.mark.parametrize("kind", [Plain, Pod, Workload, InferenceService])
def test_an_object_that_was_just_made_is_read_with_nothing_said_of_it(kind: type[Plain]) -> None:
    empty = {"spec": None, "status": None}
    one = kind.model_validate(thing("Any") | empty)
    assert (one.artifact, one.is_owned) == ("", False)


def test_an_application_that_nobody_looked_at_yet_is_unknown_and_not_synced() -> None:
    said: tuple[JsonValue, ...] = (None, {}, {"sync": None, "health": None}, {"conditions": []})
    for status in said:
        seen = Application.model_validate({"metadata": {"name": "a"}, "status": status})
        assert (seen.status.sync.status, seen.status.health.status) == ("Unknown", "Unknown")
        assert seen.status.operation_state is None


@pytest.mark.parametrize(
    "bent",
    [
        {"metadata": None}, {"metadata": {}}, {"metadata": {"name": None}}, {"kind": None},
        {"metadata": {"name": "a", "labels": ["x"]}}, {"metadata": {"name": "a", "labels": "x"}},
        {"metadata": {"name": "a", "annotations": {"turnpike.dev/artifact": {"is": DIGEST}}}},
        {"metadata": {"name": "a", "ownerReferences": {"controller": True}}},
        {"metadata": {"name": "a", "deletionTimestamp": "yesterday"}},
        {"metadata": {"name": "a", "deletionTimestamp": "2026-03-02T09:00:00"}},
        {"status": {"conditions": [{"status": "True"}]}}, {"status": {"conditions": "Ready"}},
        {"spec": {"initContainers": [{"name": "verify-artifact", "args": "--digest"}]}},
        {"spec": {"initContainers": [{"command": COMMAND}]}},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_written_as_no_api_writes_it_is_refused(bent: dict[str, JsonValue]) -> None:
    with pytest.raises(ValidationError):
        Pod.model_validate(thing("Pod") | bent)


def test_only_the_names_that_the_api_uses_are_read() -> None:
    """Where an API keeps fields that it does not know, they are nobody's but their writer's."""
    seen = Pod.model_validate(thing("Pod", spec={"init_containers": [step()]}))
    assert seen.verified == ""
    owner: JsonValue = {"kind": "A", "name": "b", "controller": True}
    made: JsonValue = {"name": "a", "owner_references": [owner]}
    assert not Pod.model_validate(thing("Pod", metadata=made)).is_owned
    with pytest.raises(ValidationError):
        Plain.model_validate({"api_version": "v1", "kind": "Pod", "metadata": {"name": "a"}})


# --- who made it ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("owners", "owned"),
    [
        ([], False),
        ([{"kind": "A", "name": "a"}], False),
        ([{"kind": "A", "name": "a", "controller": None}], False),
        ([{"kind": "A", "name": "a", "controller": False}], False),
        ([{"kind": "A", "name": "a", "controller": True}], True),
        ([{"kind": "A", "name": "a"}, {"kind": "B", "name": "b", "controller": True}], True),
    ],
)
def test_only_a_controller_makes_an_object_owned(owners: list[JsonValue], owned: bool) -> None:
    """Whoever has a name to write may write an owner; garbage is collected by it, nothing more."""
    metadata: JsonValue = {"name": "a", "ownerReferences": owners}
    assert Plain.model_validate(thing("Pod", metadata=metadata)).is_owned is owned


def test_the_digest_is_that_of_the_annotation_and_of_no_label() -> None:
    labelled: JsonValue = {"name": "a", "labels": {"turnpike.dev/artifact": DIGEST}}
    noted: JsonValue = {"name": "a", "annotations": {"turnpike.dev/artifact": DIGEST}}
    assert Plain.model_validate(thing("Any", metadata=labelled)).artifact == ""
    assert Plain.model_validate(thing("Any", metadata=noted)).artifact == DIGEST


# --- what a pod verified --------------------------------------------------------------------------


def test_a_pod_verified_what_its_step_as_rendered_compares() -> None:
    fetch: JsonValue = {"name": "storage-initializer", "args": ["s3://x", "/mnt/fetched"]}
    assert pod(fetch, step()).verified == DIGEST


@pytest.mark.parametrize(
    "bent",
    [
        {"name": "verify"}, {"command": None}, {"command": ["sh", "-c", "true"]},
        {"command": [*COMMAND, "--digest"]}, {"command": [*COMMAND[:2], "another.program"]},
        {"args": None}, {"args": []}, {"args": arguments()[:4]}, {"args": ["--digest", DIGEST]},
        {"args": [*arguments(), "--digest", OTHER]}, {"args": ["--digest", OTHER, *arguments()]},
        {"args": [*arguments()[2:], *arguments()[:2]]},
        {"args": [f"--digest={DIGEST}", *arguments()[2:]]},
        {"args": ["--digest", "--digest", *arguments()[2:]]},
    ],
    ids=str,
)  # fmt: skip
def test_any_other_step_verified_nothing(bent: dict[str, JsonValue]) -> None:
    found = pod(step(**bent)).verified
    assert found in ("", "--digest")
    assert found not in (DIGEST, OTHER)


def test_of_two_steps_the_rendered_one_counts_and_only_among_those_before_serving() -> None:
    assert pod(step(name="verify"), step()).verified == DIGEST
    serving: JsonValue = {"containers": [step()]}
    assert Pod.model_validate(thing("Pod", spec=serving)).verified == ""


# --- whether it serves ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("conditions", "ready"),
    [
        ([], False),
        ([{"type": "Ready"}], False),
        ([{"type": "Ready", "status": "Unknown"}], False),
        ([{"type": "Ready", "status": "true"}], False),
        ([{"type": "ContainersReady", "status": "True"}], False),
        ([{"type": "PodScheduled", "status": "True"}, {"type": "Ready", "status": "True"}], True),
    ],
)
def test_a_pod_takes_requests_where_it_is_said_to_and_nowhere_else(
    conditions: list[JsonValue], ready: bool
) -> None:
    assert (pod(conditions=conditions).ready is not None) is ready


def service(observed: int | None, generation: int, *conditions: dict[str, Any]) -> InferenceService:
    metadata: JsonValue = {"name": "tumour", "generation": generation}
    status: JsonValue = {"observedGeneration": observed, "conditions": [*conditions]}
    return InferenceService.model_validate(thing("Any", metadata=metadata, status=status))


READY = {"type": "Ready", "status": "True"}


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (service(2, 2, READY), ""),
        # It was ready before the last change, which nobody has looked at.
        (service(1, 2, READY), "has not looked at its last change"),
        (service(None, 1, READY), "has not looked at its last change"),
        (service(3, 2, READY), "has not looked at its last change"),
        (service(2, 2), "has said nothing"),
        (service(2, 2, {"type": "PredictorReady", "status": "True"}), "has said nothing"),
        (service(2, 2, {"type": "Ready"}), "Ready is"),
        (service(2, 2, {"type": "Ready", "status": "False", "reason": "NoPods"}),
         "Ready is False, NoPods"),
        (service(2, 2, {"type": "Ready", "status": "Unknown", "reason": "R", "message": "m"}),
         "Ready is Unknown, R: m"),
    ],
)  # fmt: skip
def test_a_service_is_ready_for_what_it_was_last_asked_to_serve(
    seen: InferenceService, why: str
) -> None:
    assert bool(seen.unready) is bool(why)
    assert why in seen.unready


def test_what_a_controller_says_twice_is_not_ready_by_its_second_word() -> None:
    refused = {"type": "Ready", "status": "False", "reason": "NoPods"}
    assert service(1, 1, refused, READY).unready
