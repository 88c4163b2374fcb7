"""What a change may do to keys: add one, and let one count for less."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from turnpike.judge.facts import Change, Documents, Facts, Unreadable
from turnpike.judge.layout import key_path
from turnpike.judge.role_keys import key_findings
from turnpike.topology.key import Key
from unit.judge.deployed import edited
from unit.judge.examples import NOW, RoleKey, added, deleted, model_facts

HOUR = timedelta(hours=1)
GATE = RoleKey("gate").public
VALIDATOR = RoleKey("validator").public
REVOKED = VALIDATOR.model_copy(update={"revoked_at": NOW - HOUR})


def on_main(*keys: Key, change: Change, head: dict[str, Key]) -> Facts:
    documents = Documents().model_copy(update={"keys": head})
    return model_facts().model_copy(update={"keys": keys, "changes": (change,), "head": documents})


def codes(facts: Facts) -> set[str]:
    return {finding.code for finding in key_findings(facts)}


def against(main: Key, **fields: object) -> set[str]:
    """Return what is found where a change writes these fields into a key of main."""
    path = key_path(main.name)
    written = main.model_copy(update=fields)
    return codes(on_main(GATE, main, change=edited(path), head={path: written}))


def against_new(path: str, key: Key, *main: Key) -> set[str]:
    return codes(on_main(GATE, *main, change=added(path), head={path: key}))


def test_a_new_key_under_its_own_name_is_taken_in() -> None:
    assert against_new(key_path(VALIDATOR.name), VALIDATOR) == set()


def test_a_key_stands_in_the_file_of_its_name() -> None:
    assert against_new(key_path("other"), VALIDATOR) == {"document.path-and-name-disagree"}


def test_one_key_has_one_role() -> None:
    twin = VALIDATOR.model_copy(update={"name": "registrar-2", "role": "registrar"})
    path = key_path("registrar-2")
    assert against_new(path, twin, VALIDATOR) == {"key.twice", "key.role-differs"}
    assert against(VALIDATOR, role="gate") == {"key.role-differs"}


def test_a_revoked_key_does_not_come_back_under_another_name() -> None:
    twin = REVOKED.model_copy(update={"name": "validator-9", "revoked_at": None})
    assert against_new(key_path("validator-9"), twin, REVOKED) == {"key.twice", "key.revived"}


def test_a_revocation_is_for_ever_and_may_come_earlier() -> None:
    assert against(VALIDATOR, revoked_at=NOW) == set()
    assert against(REVOKED, revoked_at=NOW - 2 * HOUR) == set()
    assert against(REVOKED, revoked_at=NOW) == {"key.revived"}
    assert against(REVOKED, revoked_at=None) == {"key.revived"}


def test_a_revoked_key_stays_on_main_and_another_may_go() -> None:
    gone = deleted(key_path(VALIDATOR.name))
    assert codes(on_main(GATE, VALIDATOR, change=gone, head={})) == set()
    assert codes(on_main(GATE, REVOKED, change=gone, head={})) == {"key.forgotten"}


def test_a_key_has_some_time() -> None:
    none = VALIDATOR.model_copy(update={"valid_until": VALIDATOR.valid_from})
    assert against_new(key_path(none.name), none) == {"key.never-valid"}


def test_the_gate_keeps_a_key_that_is_valid() -> None:
    path = key_path(GATE.name)
    gone = on_main(GATE, VALIDATOR, change=deleted(path), head={})
    assert codes(gone) == {"key.no-gate"}
    ended = GATE.model_copy(update={"revoked_at": NOW})
    assert codes(on_main(GATE, change=edited(path), head={path: ended})) == {"key.no-gate"}


def test_of_a_key_that_does_not_parse_nothing_more_is_said() -> None:
    path = key_path(GATE.name)
    broken = Unreadable(path=path, side="head", line=1, field="", expected="a key", actual="none")
    facts = on_main(GATE, change=edited(path), head={})
    assert codes(facts.model_copy(update={"unreadable": (broken,)})) == set()


def test_what_touches_no_key_is_not_asked_about_them() -> None:
    assert codes(on_main(change=edited("CODEOWNERS"), head={})) == set()


_MOMENTS = st.integers(-50, 50).map(lambda hours: NOW + hours * HOUR)
_TIMES = st.fixed_dictionaries(
    {"valid_from": _MOMENTS, "valid_until": _MOMENTS, "revoked_at": st.none() | _MOMENTS}
)


@given(before=_TIMES, after=_TIMES, moment=_MOMENTS)
def test_no_edit_that_is_let_in_makes_a_key_count_at_another_moment(
    before: dict[str, datetime | None], after: dict[str, datetime | None], moment: datetime
) -> None:
    main = VALIDATOR.model_copy(update=before)
    if not against(main, **after):
        edit = main.model_copy(update=after)
        assert main.is_valid_at(moment) or not edit.is_valid_at(moment)
