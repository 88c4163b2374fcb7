"""An instance is sound from its first moment, and there is no such thing as half of one."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from turnpike.auditing.verify import verify
from turnpike.errors import InputError, InvalidDocument
from turnpike.git.repository import Repository
from turnpike.instance.create import Wish, init
from turnpike.instance.instance import ROLES, Instance
from turnpike.instance.locate import open_instance
from turnpike.judge.decision import DECISION, Decision
from turnpike.judge.facts import FACTS
from turnpike.judge.layout import ORGANISATION_PATH
from turnpike.record.record import Record
from turnpike.signing.ssh import create_ssh_key
from unit.instance.aurora import MAIN, ROOT, Aurora, git, now
from unit.instance.small_organisation import ORGANISATION_TEXT

CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from turnpike.instance.create import Wish, init
made = init(Wish(Path(sys.argv[1]), Path(sys.argv[2]), with_personas=True), datetime.now(UTC))
print("new" if made.is_new else "old")
"""


def start(folder: Path, product: Path) -> subprocess.Popen[str]:
    search = os.pathsep.join(entry for entry in sys.path if entry)
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), str(product)],
        env={"PYTHONPATH": search, "PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def assert_sound(instance: Instance) -> None:
    with Repository(instance.host) as host:
        report = verify(host, instance.genesis, instance.document.root_key)
    assert report.faults == ()
    assert (report.commits, report.record_commits) == (1, 1)


def first_decision(aurora: Aurora) -> Decision:
    record = Record(aurora.host)
    digest = record.tip().previous
    assert digest
    statement = record.decision(digest).body()
    return DECISION.validate_json(json.dumps(json.loads(statement)["predicate"]))


def test_an_auditor_finds_nothing_wrong_with_a_new_instance(aurora: Aurora) -> None:
    assert_sound(aurora.instance)
    with Repository(aurora.instance.monorepo) as clone:
        report = verify(clone, aurora.instance.genesis, aurora.instance.document.root_key)
    assert report.is_sound


def test_the_record_begins_with_the_allow_of_the_genesis(aurora: Aurora) -> None:
    decision = first_decision(aurora)
    assert (decision.change_class, decision.verdict) == ("genesis", "allow")
    assert decision.base == decision.head == decision.genesis == aurora.instance.genesis
    facts = FACTS.validate_json(Record(aurora.host).facts(decision.facts))
    assert facts.head.organisation
    assert facts.head.organisation.name == "Aurora Health"
    assert set(facts.head.environments) == {
        path.parent.name for path in (ROOT / "environments").glob("*/environment.yaml")
    }
    assert {key.role for key in facts.keys} == set(ROLES)


def test_the_genesis_is_the_products_committed_tree_with_its_own_organisation(
    aurora: Aurora, product: Path
) -> None:
    with Repository(product) as source:
        before = source.files("HEAD")
    after = aurora.host.files(aurora.instance.genesis)
    added = after.keys() - before.keys()
    assert added == {f"policies/keys/{role}.yaml" for role in ROLES}
    assert before.keys() - after.keys() == {"models/oncology/tumour-malignancy/model.yaml"}
    changed = {p for p in before.keys() & after.keys() if before[p].object != after[p].object}
    assert changed == {ORGANISATION_PATH}
    assert after["turnpike"].mode == before["turnpike"].mode == "100755"


def test_no_private_key_is_in_git_and_each_is_its_owners_alone(aurora: Aurora) -> None:
    files = [aurora.instance.key(role) for role in ROLES] + [aurora.instance.key("root")]
    files += sorted(aurora.instance.people.glob("*/id_ed25519"))
    assert len(files) == 6 + 13
    entries = aurora.host.files(aurora.instance.genesis)
    committed = b"".join(aurora.host.blobs(e.object for e in entries.values()).values())
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        secret = file.read_bytes().strip().splitlines()
        assert secret[len(secret) // 2] not in committed


def test_the_clone_is_main_and_follows_the_host(aurora: Aurora) -> None:
    clone = aurora.instance.monorepo
    assert git(clone, "rev-parse", "HEAD").stdout.strip() == aurora.instance.genesis
    assert git(clone, "status", "--porcelain").stdout == ""
    assert git(clone, "fetch", "-q").returncode == 0
    assert git(clone, "config", "remote.origin.url").stdout.strip() == str(aurora.instance.host)


def test_the_host_runs_its_own_installation_of_the_genesis(aurora: Aurora) -> None:
    entries = aurora.host.files(aurora.instance.genesis, ["platform/turnpike"])
    installed = aurora.instance.installation.parent
    for path, content in aurora.host.blobs(e.object for e in entries.values()).items():
        places = [p for p, e in entries.items() if e.object == path]
        assert all((installed / place).read_bytes() == content for place in places)


def test_a_second_run_finds_the_instance_and_leaves_it_alone(aurora: Aurora, product: Path) -> None:
    again = init(Wish(aurora.instance.folder, product, with_personas=True), now())
    assert not again.is_new
    assert again.instance == aurora.instance
    assert aurora.host.first_parents(MAIN)[-1] == aurora.instance.genesis


def test_a_run_that_was_killed_anywhere_leaves_nothing_that_looks_like_an_instance(
    tmp_path: Path, product: Path
) -> None:
    folder = tmp_path / "instance"
    for delay in (0.3, 0.6, 0.9, 1.2, 1.6):
        child = start(folder, product)
        time.sleep(delay)
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        if folder.exists():
            break
        assert {path.name for path in tmp_path.iterdir()} <= {".instance.partial"}
    made = init(Wish(folder, product, with_personas=True), now())
    assert_sound(made.instance)
    assert [path.name for path in tmp_path.iterdir()] == ["instance"]


def test_of_two_runs_at_once_one_makes_it(tmp_path: Path, product: Path) -> None:
    children = [start(tmp_path / "instance", product) for _ in range(3)]
    said = [child.communicate(timeout=600) for child in children]
    made = [out for (out, _), child in zip(said, children, strict=True) if child.returncode == 0]
    assert made.count("new\n") == 1
    for (_, error), child in zip(said, children, strict=True):
        assert child.returncode == 0 or "right now" in error or "found something in it" in error
    assert_sound(open_instance(tmp_path / "instance"))
    assert [path.name for path in tmp_path.iterdir()] == ["instance"]


def test_a_companys_own_organisation_needs_its_own_keys(tmp_path: Path, product: Path) -> None:
    own = tmp_path / "organisation.yaml"
    own.write_text(ORGANISATION_TEXT)
    with pytest.raises(InputError, match="none for ann, ben"):
        init(Wish(tmp_path / "instance", product, own), now())
    assert [path.name for path in tmp_path.iterdir()] == ["organisation.yaml"]
    lines = [create_ssh_key(tmp_path / "keys" / name, name) for name in ("ann", "ben")]
    text = ORGANISATION_TEXT
    for name, line in zip(("ann", "ben"), lines, strict=True):
        address = f"email: {name}@example.com\n"
        text = text.replace(address, f"{address}    sshKeys:\n      - {line}\n")
    own.write_text(text)
    made = init(Wish(tmp_path / "instance", product, own), now())
    assert_sound(made.instance)
    assert made.instance.document.name == "Small"
    assert [path.name for path in made.instance.people.iterdir()] == ["bot"]


def test_what_is_not_committed_is_not_in_the_instance_and_is_said(
    tmp_path: Path, product: Path
) -> None:
    dirty = tmp_path / "product"
    shutil.copytree(product, dirty)
    (dirty / "CODEOWNERS").write_text("* @mine\n")
    made = init(Wish(tmp_path / "instance", dirty, with_personas=True), now())
    (warning,) = made.warnings
    assert warning.startswith("1 changes in")
    with Repository(made.instance.host) as host:
        assert b"@mine" not in (host.read(made.instance.genesis, "CODEOWNERS") or b"")


def test_a_product_with_an_unreadable_environment_makes_no_instance(
    tmp_path: Path, product: Path
) -> None:
    broken = tmp_path / "product"
    shutil.copytree(product, broken)
    (broken / "environments" / "dev" / "environment.yaml").write_text("kind: Environment\n")
    git(broken, "commit", "-aqm", "Break it")
    with pytest.raises(InvalidDocument, match=r"environments/dev/environment\.yaml"):
        init(Wish(tmp_path / "instance", broken, with_personas=True), now())
    assert not (tmp_path / "instance").exists()


def test_what_is_no_product_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Git repository"):
        init(Wish(tmp_path / "instance", tmp_path), now())
    empty = tmp_path / "empty"
    empty.mkdir()
    git(empty, "init", "-q", "-b", "main")
    with pytest.raises(InputError):
        init(Wish(tmp_path / "instance", empty), now())
    git(empty, "commit", "-q", "--allow-empty", "-m", "Nothing")
    with pytest.raises(InputError, match=ORGANISATION_PATH):
        init(Wish(tmp_path / "instance", empty), now())
    with pytest.raises(InputError, match=r"no\.yaml"):
        init(Wish(tmp_path / "instance", empty, tmp_path / "no.yaml"), now())
