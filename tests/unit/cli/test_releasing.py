"""How verbs read the models that they are given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.cli.releasing import model_key, model_keys
from turnpike.errors import InputError
from turnpike.judge.layout import ModelKey

NAMES = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)


@given(NAMES, NAMES)
def test_a_model_is_its_team_and_its_name(team: str, name: str) -> None:
    assert model_key(f"{team}/{name}") == ModelKey(team, name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "team",
        "team/",
        "/model",
        "a/b/c",
        "../..",
        "A/b",
        "a/b\n",
        "a/b--c",
        "a/\x1b[31m",
        "a/" + 41 * "b",
    ],
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match="such as oncology/tumour-malignancy") as refused:
        model_key(text)
    assert refused.value.code == "input.model-name"


@given(st.lists(st.sampled_from(["a/b", "a/c", "b/a"])))
def test_each_model_is_taken_once_in_the_order_of_its_first_mention(texts: list[str]) -> None:
    keys = model_keys(tuple(texts))
    assert [str(key) for key in keys] == list(dict.fromkeys(texts))
