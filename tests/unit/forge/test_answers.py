from __future__ import annotations

from turnpike.errors import CannotDecide, Unavailable
from turnpike.forge.answers import NotThere, limited, refusal, unavailable


def test_a_refusal_quotes_the_host_in_plain_letters_and_briefly() -> None:
    error = refusal("https://host", "pulls", 403, "no\x1b[31m\nentry " + "x" * 10_000)
    assert isinstance(error, CannotDecide)
    assert "no [31m entry" in error.message
    assert "\x1b" not in error.message
    assert len(error.message) < 700


def test_what_is_not_there_now_may_be_there_later() -> None:
    for error in (limited("https://host", "pulls"), unavailable("https://host", "pulls", "HTML")):
        assert isinstance(error, Unavailable)
        assert error.solution


def test_what_a_host_has_not_is_no_decision_and_no_defect() -> None:
    """A repository that was renamed, or a comment that is gone by now."""
    told = NotThere("/api/v1/repos/aurora/renamed/pulls")
    assert isinstance(told, CannotDecide)
    assert not isinstance(told, Unavailable)
    assert (told.code, told.exit_code) == ("forge.not-there", 3)
    assert "renamed or deleted" in told.solution
