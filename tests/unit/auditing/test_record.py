from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.auditing.record import check_record
from turnpike.record.keys import keys_at
from unit.auditing.small_instance import GATE, SmallInstance


@pytest.fixture
def instance(tmp_path: Path) -> SmallInstance:
    return SmallInstance(tmp_path)


def test_a_record_commit_that_the_gate_did_not_sign_is_refused(instance: SmallInstance) -> None:
    tip = instance.record_tip()
    keys = keys_at(instance.repository, instance.main())
    signed = instance.record.build(
        [instance.validation()], tip, GATE, instance.now, instance.gate.sign_commit
    )
    tree = instance.repository.commit(signed).tree
    unsigned = instance.repository.write_commit(tree, (tip,), GATE, GATE, "x\n", instance.now)
    assert check_record(instance.repository, tip, signed, keys, instance.now) == ()
    (fault,) = check_record(instance.repository, tip, unsigned, keys, instance.now)
    assert "not signed by the gate" in fault
    assert unsigned in fault


def test_content_is_checked_as_well_as_signatures(instance: SmallInstance) -> None:
    tip = instance.record_tip()
    keys = keys_at(instance.repository, instance.main())
    tree = instance.repository.write_tree_with(tip, {"tip.json": None})
    sign = instance.gate.sign_commit
    forged = instance.repository.write_commit(tree, (tip,), GATE, GATE, "x\n", instance.now, sign)
    assert any("removed" in w for w in check_record(instance.repository, tip, forged, keys))
