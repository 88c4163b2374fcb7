"""Text of a manifest is printed as it stands, whatever it holds."""

from __future__ import annotations

import json
import re

from hypothesis import example, given
from hypothesis import strategies as st

from turnpike.rendering.prometheus_text import literal, number, quoted

_PRINTED = re.compile(r'\{\{ "(\{+)" \}\}')
braced = st.text(alphabet='{}"\\ %a.$|`-')


@given(braced)
@example('{{ "{{" }}')
@example("{{{{{ . }}")
def test_a_template_prints_the_text_and_runs_nothing_of_it(text: str) -> None:
    template = literal(text)
    assert _PRINTED.sub(r"\1", template) == text
    assert "{" not in _PRINTED.sub("", template)


@given(st.text(st.characters(codec="utf-8")))
def test_a_quoted_text_is_one_string_of_a_query(text: str) -> None:
    string = quoted(text)
    assert json.loads(string) == text
    assert re.fullmatch(r'"([^"\\\n]|\\.)*"', string)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_reads_back_as_itself(value: float) -> None:
    assert float(number(value)) == value


def test_a_whole_number_has_no_fraction() -> None:
    assert number(200.0) == "200"
