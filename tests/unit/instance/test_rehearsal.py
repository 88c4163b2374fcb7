"""The copy is whole, has keys of its own, and neither reads nor writes those of the instance."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from turnpike.documents.reading import read
from turnpike.git.repository import Repository
from turnpike.instance.instance import ROLES
from turnpike.instance.locate import open_instance
from turnpike.instance.rehearsal import rehearsal_of
from turnpike.judge.layout import ORGANISATION_PATH
from turnpike.record.keys import keys_at
from turnpike.topology.organisation import ORGANISATION, Organisation
from unit.instance.aurora import Aurora

MAIN, RECORD = "refs/heads/main", "refs/heads/turnpike/record"


def organisation_in(host: Path) -> Organisation:
    with Repository(host) as repository:
        content = repository.read(repository.resolve(MAIN), ORGANISATION_PATH)
    assert content is not None
    return read(ORGANISATION, content, ORGANISATION_PATH)


def ssh_keys_in(organisation: Organisation) -> set[str]:
    people = {key for one in organisation.people for key in one.ssh_keys}
    return people | {key for one in organisation.bots for key in one.ssh_keys}


def test_main_and_the_record_are_copied_and_one_commit_comes_on_top(aurora: Aurora) -> None:
    real = aurora.instance
    with rehearsal_of(real, datetime.now(UTC)) as copy:
        with Repository(real.host) as before, Repository(copy.host) as after:
            assert after.commit(after.resolve(MAIN)).parents == (before.resolve(MAIN),)
            assert after.resolve(RECORD) == before.resolve(RECORD)
        assert open_instance(copy.folder).genesis == real.genesis
    assert not copy.folder.exists()


def test_nobody_signs_there_with_a_key_of_here(aurora: Aurora) -> None:
    real = aurora.instance
    here = organisation_in(real.host)
    with rehearsal_of(real, datetime.now(UTC)) as copy:
        there = organisation_in(copy.host)
        known, used = ssh_keys_in(here), ssh_keys_in(there)
        assert len(used) == len(there.people) + len(there.bots)
        assert not known & used
        ours, theirs = ({f.read_bytes() for f in one.keys.iterdir()} for one in (real, copy))
        assert ours.isdisjoint(theirs)
        assert len(theirs) == len(ROLES)
        with Repository(real.host) as before, Repository(copy.host) as after:
            old = keys_at(before, before.resolve(MAIN))
            new = keys_at(after, after.resolve(MAIN))
        assert set(old) < set(new)
        assert {key.role for key in new if key not in old} == set(ROLES)


def test_everybody_can_speak_at_the_copys_host(aurora: Aurora) -> None:
    with rehearsal_of(aurora.instance, datetime.now(UTC)) as copy:
        there = organisation_in(copy.host)
        for person in there.people:
            assert copy.person_key(person.id).exists()
            assert there.person_of_account("embedded", person.id) == person.id
        assert copy.document.forge is None


def test_the_instance_stays_as_it_was(aurora: Aurora) -> None:
    real = aurora.instance
    before = refs_of(real.host)
    with rehearsal_of(real, datetime.now(UTC)) as copy:
        (copy.folder / "mark").write_text("here")
        with Repository(copy.host) as host:
            host.update_ref(MAIN, host.resolve(RECORD), host.resolve(MAIN))
    assert refs_of(real.host) == before
    assert not (real.folder / "mark").exists()


def refs_of(host: Path) -> dict[str, str]:
    with Repository(host) as repository:
        return dict(repository.refs.under("refs/"))
