"""An instance has one host for good and one registry for now, and a file that is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents.reading import read
from turnpike.errors import InputError
from turnpike.instance.connect import save, with_host, with_registry
from turnpike.instance.instance import Instance
from turnpike.topology.instance import INSTANCE, HostAddress, RegistryAddress
from unit.instance.aurora import Aurora

ADDRESS = HostAddress(
    host="gitea", address="http://127.0.0.1:9", repository="aurora/monorepo", bot="turnpike-bot"
)


def written(folder: Path) -> Instance:
    """Return the instance as its file says."""
    content = (folder / "instance.yaml").read_bytes()
    return Instance(folder, read(INSTANCE, content, "instance.yaml"))


@pytest.fixture
def instance(aurora: Aurora, tmp_path: Path) -> Instance:
    """Return an instance of only its file."""
    content = (aurora.instance.folder / "instance.yaml").read_bytes()
    (tmp_path / "instance.yaml").write_bytes(content)
    return written(tmp_path)


def test_connecting_again_changes_nothing(instance: Instance) -> None:
    connected = with_host(instance, ADDRESS)
    save(connected)
    before = (instance.folder / "instance.yaml").read_bytes()
    assert with_host(written(instance.folder), ADDRESS) == connected
    save(connected)
    assert (instance.folder / "instance.yaml").read_bytes() == before


@pytest.mark.parametrize(
    "other",
    [
        {"repository": "aurora/other"},
        {"address": "http://127.0.0.1:10"},
        {"host": "github"},
        {"bot": "another-bot"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_connected_instance_is_not_led_elsewhere(
    instance: Instance, other: dict[str, str]
) -> None:
    connected = with_host(instance, ADDRESS)
    with pytest.raises(InputError, match="aurora/monorepo") as refused:
        with_host(connected, ADDRESS.model_copy(update=other))
    assert refused.value.code == "forge.connected"


def test_a_registry_is_replaced_by_another_and_no_pin_moves(instance: Instance) -> None:
    first, second = (RegistryAddress(address=f"http://127.0.0.1:{port}") for port in (5, 6))
    save(with_registry(with_registry(instance, first), second))
    found = written(instance.folder).document
    assert found.registry == second
    assert found.model_copy(update={"registry": None}) == instance.document


def test_what_a_file_of_an_interrupted_run_left_is_no_obstacle(instance: Instance) -> None:
    for left in ("instance.partial", "instance.yaml.partial"):
        (instance.folder / left).write_bytes(b"kind: Half")
    save(with_host(instance, ADDRESS))
    assert written(instance.folder).document.forge == ADDRESS
