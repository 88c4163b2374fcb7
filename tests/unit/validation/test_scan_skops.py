"""A skops file holds a schema, plain arrays and trusted types, and nothing else."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.validation.refused_file import RefusedFile
from turnpike.validation.scan_skops import check_skops
from unit.validation.sound_artifact import skops_bytes


def _zip(members: list[tuple[str, bytes]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def _members() -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(skops_bytes())) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def _schema(old: str, new: str) -> bytes:
    changed = [
        (name, content.replace(old.encode(), new.encode()) if name == "schema.json" else content)
        for name, content in _members()
    ]
    assert changed != _members()
    return _zip(changed)


def _array(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)
    return stream.getvalue()


def test_what_skops_writes_passes() -> None:
    check_skops(skops_bytes())


def test_a_tree_passes_because_its_type_is_on_our_list() -> None:
    import skops.io
    from sklearn.tree import DecisionTreeClassifier

    check_skops(skops.io.dumps(DecisionTreeClassifier().fit([[0.0], [1.0]], [0, 1])))


@pytest.mark.parametrize(
    ("module", "name"), [("os", "system"), ("builtins", "eval"), ("subprocess", "Popen")]
)
def test_a_type_that_is_on_no_list_is_refused_by_name(module: str, name: str) -> None:
    hostile = _schema("LogisticRegression", name)
    hostile = _zip(
        [
            (member, content.replace(b"sklearn.linear_model._logistic", module.encode()))
            for member, content in _entries(hostile)
        ]
    )
    with pytest.raises(RefusedFile, match=f"{module}.{name}"):
        check_skops(hostile)


def _entries(content: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


@pytest.mark.parametrize(
    "member",
    [
        ("evil.pkl", b"x"),
        ("../evil.npy", b"x"),
        ("code/evil.py", b"x"),
        ("evil.npy", b"x"),
        ("evil.npy", _array(np.array([{"a": 1}], dtype=object))),
        ("evil.npy", _array(np.zeros(3)) + pickle.dumps([1])),
        ("evil.npz", b"x"),
        ("evil.npz", _zip([("a.npy", _array(np.array([None], dtype=object)))])),
        ("evil.bin", pickle.dumps([1])),
    ],
)
def test_a_member_that_is_no_plain_array_is_refused(member: tuple[str, bytes]) -> None:
    with pytest.raises(RefusedFile):
        check_skops(_zip([*_members(), member]))


def test_arrays_and_sparse_matrices_pass() -> None:
    sound = [("1.npy", _array(np.zeros(3))), ("2.npz", _zip([("data.npy", _array(np.ones(2)))]))]
    check_skops(_zip([*_members(), *sound]))


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", _zip([]), _zip([("schema.json", b"{")]), _zip([("schema.json", b"[]")])],
)
def test_what_is_no_skops_file_is_refused(content: bytes) -> None:
    with pytest.raises(RefusedFile):
        check_skops(content)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_second_schema_is_refused() -> None:
    with pytest.raises(RefusedFile):
        check_skops(_zip([*_members(), ("schema.json", b"{}")]))


def test_a_schema_that_nests_without_end_is_refused() -> None:
    node = '{"__class__": "list", "__module__": "builtins", "__loader__": "ListNode", "content": ['
    schema = ('{"protocol": 2, ' + node[1:] + node * 5000 + "]}" * 5001).encode()
    with pytest.raises(RefusedFile):
        check_skops(_zip([("schema.json", schema)]))


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    packed = bytearray(_zip([*_members(), ("big.npy", b"x" * 100)]))
    place = packed.rindex(b"PK\x01\x02")
    packed[place + 24 : place + 28] = (0xFFFFFFF0).to_bytes(4, "little")
    with pytest.raises(RefusedFile):
        check_skops(bytes(packed))


_LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
_SCHEMAS = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["__class__", "__module__", "__loader__", "content", "file", "x"]),
            inner | st.sampled_from(["ListNode", "DictNode", "ObjectNode", "NdArrayNode", "os"]),
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(schema=st.dictionaries(st.sampled_from(["__loader__", "content"]), _SCHEMAS))
def test_no_schema_breaks_the_reader_in_a_way_that_is_not_a_refusal(
    schema: dict[str, object],
) -> None:
    content = json.dumps({"__class__": "list", "__module__": "builtins", "protocol": 2} | schema)
    with suppress(RefusedFile):
        check_skops(_zip([("schema.json", content.encode())]))


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_no_damage_to_a_sound_file_is_anything_but_a_refusal_or_harmless(
    data: st.DataObject,
) -> None:
    damaged = bytearray(skops_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with suppress(RefusedFile):
        check_skops(bytes(damaged))
