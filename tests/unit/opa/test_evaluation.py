"""One evaluation is one process that leaves nothing behind."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from turnpike.errors import Unavailable
from turnpike.opa.evaluation import Evaluation
from turnpike.opa.program import Program
from unit.opa.small_policies import bundle, policy_input, program

ANSWER = '{"result": [{"expressions": [{"value": [{"rules": ["known_subject"], "denials": []}]}]}]}'


def fake(folder: Path, body: str) -> Program:
    path = folder / "opa"
    path.write_text(f"#!{sys.executable}\nimport os, signal, sys\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return Program(path, program().version)


def failure(folder: Path, body: str) -> Unavailable:
    with pytest.raises(Unavailable) as caught:
        Evaluation(bundle(folder), fake(folder, body), 10.0).decide([policy_input()])
    return caught.value


def test_a_whole_answer_is_believed(tmp_path: Path) -> None:
    said = Evaluation(bundle(tmp_path), fake(tmp_path, f"print('{ANSWER}')"))
    assert said.decide([policy_input()]).results[0].denials == ()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (f"print('{ANSWER}'[:40])", "opa.not-json"),
        ("print('<html>')", "opa.not-json"),
        ("print('[]')", "opa.wrong-shape"),
        ("print('{}')", "opa.undefined"),
        ("print('{\"result\": []}')", "opa.wrong-shape"),
        ('print(\'{"result": [{"expressions": [{}]}]}\')', "opa.wrong-shape"),
        (f"print('{ANSWER}'); sys.exit(2)", "opa.refused"),
        (f"print('{ANSWER}', flush=True); os.kill(os.getpid(), signal.SIGKILL)", "opa.stopped"),
    ],
)
def test_anything_else_is_a_failure_with_its_own_code(tmp_path: Path, body: str, code: str) -> None:
    assert failure(tmp_path, body).code == code


def test_a_refusal_shows_what_opa_said(tmp_path: Path) -> None:
    assert "no space left" in failure(tmp_path, "sys.exit('no space left')").message


def test_a_process_that_does_not_read_its_input_is_a_failure(tmp_path: Path) -> None:
    big = [policy_input("x" * 60_000) for _ in range(10)]
    with pytest.raises(Unavailable) as caught:
        Evaluation(bundle(tmp_path), fake(tmp_path, "sys.stdin.close()"), 10.0).decide(big)
    assert caught.value.code == "opa.not-json"
