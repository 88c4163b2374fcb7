"""A provider goes from one version to the next by the runbook: pinned, locked, planned, applied."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from end_to_end.changes import Bench, text_at
from end_to_end.cloud import LOCK, PROVIDER, Cloud, cloud_on_loopback, mirror, missing
from end_to_end.people import PLATFORM_OWNER
from end_to_end.shells import shell_of
from end_to_end.world import World
from runbooks import carried_out

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())

ROOT, AUTHOR = "terraform/environments/staging/aws", "sam-rivera"
OLD, NEW = "5.100.0", "5.101.0"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """AWS on loopback, and a mirror in which the provider stands under a second version too."""
    folder = tmp_path_factory.mktemp("cloud")
    with cloud_on_loopback(folder) as found:
        _twice(mirror(), folder / "mirror")
        settings = Path(found.settings["TF_CLI_CONFIG_FILE"])
        settings.write_text(settings.read_text().replace(str(mirror()), str(folder / "mirror")))
        yield found


def _twice(real: Path, made: Path) -> None:
    """Make a mirror with the provider under both numbers: Terraform reads them off the folders."""
    for platform in (real / PROVIDER).iterdir():
        old, new = (made / PROVIDER).parent / OLD, (made / PROVIDER).parent / NEW / platform.name
        old.mkdir(parents=True)
        (old / platform.name).symlink_to(platform)
        new.mkdir(parents=True)
        for file in platform.iterdir():
            (new / file.name.replace(OLD, NEW)).symlink_to(file)


@pytest.fixture
def world(merged: Bench, cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> World:
    """An instance with one root that was applied with the old version."""
    for name, value in cloud.settings.items():
        monkeypatch.setenv(name, value)
    world = merged.copied().world
    number = world.propose(cloud.root(ROOT, "kept"), AUTHOR)
    world.done("terraform", "plan", "--pr", str(number))
    world.approve(number, PLATFORM_OWNER)
    world.merged(number)
    world.done("terraform", "apply", ROOT)
    return world


def test_a_provider_is_upgraded_through_the_plan_gate(world: World, cloud: Cloud) -> None:
    values = {"old": OLD, "new": NEW, "where": ROOT, "root": ROOT, "owner": PLATFORM_OWNER}
    with carried_out("ProviderUpgrade", shell_of(world, values, AUTHOR)) as page:
        assert ".terraform.lock.hcl" in page.run("Look")
        page.step("Help")
        assert "main.tf" in page.step("Help")
        page.step("Help")
        assert "0 to add, 0 to change, 0 to destroy" in page.step("Help")
        page.step("Help")
        assert "Apply complete! Resources: 0 added" in page.step("Help")
        page.run("Over when")
    lock = text_at(world, f"{ROOT}/.terraform.lock.hcl")
    assert f'"{NEW}"' in lock
    assert lock.count('"h1:') == 1
    assert lock.encode() != LOCK.replace(OLD.encode(), NEW.encode())  # its file has another name
    assert "kept" in cloud.buckets()


def test_other_bytes_than_the_locked_ones_are_planned_with_by_nobody(
    world: World, cloud: Cloud
) -> None:
    files = cloud.root(ROOT, "kept")
    lock = files[f"{ROOT}/.terraform.lock.hcl"] or b""
    main = files[f"{ROOT}/main.tf"] or b""
    bent = {
        f"{ROOT}/main.tf": main.replace(OLD.encode(), NEW.encode()),
        f"{ROOT}/.terraform.lock.hcl": lock.replace(OLD.encode(), NEW.encode()),
    }
    told = world.call("terraform", "plan", "--pr", str(world.propose(bent, AUTHOR)))
    assert told.code == 2
    assert "terraform.failed" in told.errors
    assert "checksums" in told.errors
    assert os.environ["TF_CLI_CONFIG_FILE"] == cloud.settings["TF_CLI_CONFIG_FILE"]
