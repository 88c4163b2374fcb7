"""An ONNX file holds one complete graph of ONNX's own operators."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import ModelProto, TensorProto, helper

from turnpike.validation.refused_file import RefusedFile
from turnpike.validation.scan_onnx import check_onnx
from unit.validation.sound_artifact import onnx_bytes


def _sound() -> ModelProto:
    model = ModelProto()
    model.ParseFromString(onnx_bytes())
    return model


def _outside(tensor: TensorProto) -> TensorProto:
    tensor.data_location = TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "../../etc/passwd"
    tensor.ClearField("raw_data")
    return tensor


def _weights(values: bytes = b"\x00" * 4) -> TensorProto:
    return TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[1], raw_data=values)


def test_a_sound_graph_passes() -> None:
    check_onnx(onnx_bytes())


def test_weights_inside_pass_and_weights_in_another_file_do_not() -> None:
    model = _sound()
    model.graph.initializer.append(_weights())
    check_onnx(model.SerializeToString())
    _outside(model.graph.initializer[0])
    with pytest.raises(RefusedFile):
        check_onnx(model.SerializeToString())


def test_weights_of_another_file_hidden_in_an_attribute_are_refused() -> None:
    model = _sound()
    node = helper.make_node("Constant", [], ["c"], value=_weights())
    model.graph.node.insert(0, node)
    check_onnx(model.SerializeToString())
    _outside(model.graph.node[0].attribute[0].t)
    with pytest.raises(RefusedFile):
        check_onnx(model.SerializeToString())


def test_an_operator_of_another_domain_is_refused_by_its_domain() -> None:
    model = _sound()
    model.opset_import.append(helper.make_opsetid("com.evil", 1))
    model.graph.node[0].domain = "com.evil"
    with pytest.raises(RefusedFile, match=r"com\.evil"):
        check_onnx(model.SerializeToString())


def test_a_domain_that_is_only_imported_is_refused_too() -> None:
    model = _sound()
    model.opset_import.append(helper.make_opsetid("ai.onnx.contrib", 1))
    with pytest.raises(RefusedFile):
        check_onnx(model.SerializeToString())


def test_an_operator_hidden_in_a_branch_is_refused() -> None:
    branch = helper.make_graph(
        [helper.make_node("Shell", [], ["b"], domain="com.evil")],
        "branch",
        [],
        [helper.make_tensor_value_info("b", TensorProto.FLOAT, [None, 2])],
    )
    model = _sound()
    model.graph.input.append(helper.make_tensor_value_info("c", TensorProto.BOOL, []))
    model.graph.node.append(
        helper.make_node("If", ["c"], ["z"], then_branch=branch, else_branch=branch)
    )
    with pytest.raises(RefusedFile):
        check_onnx(model.SerializeToString())


@pytest.mark.parametrize("content", [b"", b"\x80\x04N.", b"<html></html>", onnx_bytes()[:-9]])
def test_what_is_no_graph_is_refused(content: bytes) -> None:
    with pytest.raises(RefusedFile):
        check_onnx(content)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_no_damage_to_a_sound_graph_is_anything_but_a_refusal_or_harmless(
    data: st.DataObject,
) -> None:
    damaged = bytearray(onnx_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with suppress(RefusedFile):
        check_onnx(bytes(damaged))
