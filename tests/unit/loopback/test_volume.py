"""The volume of a namespace is that namespace's alone, and nothing in it can be written to."""

from __future__ import annotations

from typing import Any

from turnpike.loopback.volume import CLAIM, artifact_volume


def kinds(team: str = "oncology") -> dict[str, Any]:
    return {str(one["kind"]): one for one in artifact_volume("dev", team)}


def test_the_namespace_is_the_teams_with_the_label_that_admission_asks_for() -> None:
    made = kinds()["Namespace"]["metadata"]
    assert made["name"] == "dev-oncology"
    assert made["labels"] == {"turnpike.dev/environment": "dev"}


def test_volume_and_claim_name_each_other_so_that_no_other_claim_takes_it() -> None:
    found = kinds()
    volume, claim = found["PersistentVolume"], found["PersistentVolumeClaim"]
    named = volume["spec"]["claimRef"]
    assert (named["name"], named["namespace"]) == (CLAIM, "dev-oncology")
    assert claim["metadata"] == {"name": CLAIM, "namespace": "dev-oncology"}
    assert claim["spec"]["volumeName"] == volume["metadata"]["name"]


def test_no_class_of_storage_makes_another_volume_of_its_own() -> None:
    found = kinds()
    for kind in ("PersistentVolume", "PersistentVolumeClaim"):
        assert found[kind]["spec"]["storageClassName"] == ""


def test_two_namespaces_share_no_volume() -> None:
    names = {kinds(one)["PersistentVolume"]["metadata"]["name"] for one in ("a", "b")}
    assert len(names) == 2


def test_nobody_may_write_what_is_served_from() -> None:
    for kind in ("PersistentVolume", "PersistentVolumeClaim"):
        assert kinds()[kind]["spec"]["accessModes"] == ["ReadOnlyMany"]
