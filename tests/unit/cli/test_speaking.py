"""Whose token it is is told at once, before anything is said in another's name."""

from __future__ import annotations

import pytest

from turnpike.cli.speaking import require_own_account, speaking
from turnpike.cli.wiring import House
from turnpike.errors import InputError
from turnpike.topology.instance import HostAddress
from turnpike.topology.organisation import Bot, Organisation
from unit.instance.aurora import Aurora
from unit.judge.examples import organisation

AT = HostAddress(host="gitea", address="https://git.example", repository="a/b", bot="gate-bot")


def company() -> Organisation:
    """Return people of whom Maria and Tom have accounts at the host, and two bots."""
    plain = organisation()
    accounts = {"maria": {"gitea": "MLopez"}, "tom": {"gitea": "tom-b"}}
    people = tuple(
        one.model_copy(update={"accounts": accounts.get(one.id, {})}) for one in plain.people
    )
    bots = tuple(Bot(id=name, email=f"{name}@example.org") for name in ("turnpike-bot", "renewer"))
    return plain.model_copy(update={"people": people, "bots": bots})


@pytest.mark.parametrize(
    ("who", "account"),
    [
        ("maria", "mlopez"),
        ("tom", "tom-b"),
        ("turnpike-bot", "gate-bot"),
        ("renewer", "renewer-at-work"),
    ],
)
def test_whoever_acts_with_their_own_token_may(who: str, account: str) -> None:
    require_own_account(company(), AT, who, account)


@pytest.mark.parametrize(
    ("who", "account", "told", "solution"),
    [
        ("maria", "gate-bot", "got one of gate-bot, the gate's bot", "a token that maria made"),
        ("maria", "tom-b", "got one of tom-b, who is tom", "or say --as tom"),
        ("maria", "stranger", "got one of stranger, who is nobody's", "a token that maria made"),
        ("turnpike-bot", "MLopez", "(gate-bot at gitea)", "or say --as maria"),
        ("nora", "gate-bot", "nora (no account at gitea)", "Add accounts: gitea of nora"),
    ],
)
def test_anothers_token_is_named_with_whose_it_is(
    who: str, account: str, told: str, solution: str
) -> None:
    with pytest.raises(InputError) as refused:
        require_own_account(company(), AT, who, account)
    assert refused.value.code == "forge.other-account"
    assert str(refused.value).startswith(f"TURNPIKE_GITEA_TOKEN: expected a token of {who} (")
    assert told in str(refused.value)
    assert solution in (refused.value.solution or "")


def test_at_the_embedded_host_keys_speak_and_no_token_is_asked_for(aurora: Aurora) -> None:
    assert speaking(House(aurora.instance), "maria-lopez").account() == "maria-lopez"
