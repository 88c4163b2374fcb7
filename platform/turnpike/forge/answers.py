"""What a Git host's answers mean when they are not what was asked for; the same for every host."""

from __future__ import annotations

from turnpike.errors import CannotDecide, Unavailable

LARGEST_ANSWER = 16 * 1024 * 1024
REFUSED = (400, 401, 403, 405, 406, 409, 410, 412, 422, 423)
_LONGEST_QUOTE = 500


class NotThere(CannotDecide):
    """The host answered that there is no such thing, or none that this account may see."""

    def __init__(self, what: str) -> None:
        """Keep what was asked for."""
        super().__init__(
            f"{what}: expected the Git host to have it, found that it has not, or does not show it",
            code="forge.not-there",
            solution="See whether the repository was renamed or deleted there, and whether the"
            " token's account may read it.",
        )


def refusal(address: str, what: str, status: int, said: str) -> CannotDecide:
    """Return that the host understood and said no."""
    return CannotDecide(
        f"{address} refused {what} with status {status}: {_quoted(said)}",
        code="forge.refused",
        solution="Look at the rights of the token, and at what the host says above.",
    )


def limited(address: str, what: str) -> Unavailable:
    """Return that the account has asked too often, and would have to wait too long."""
    return Unavailable(
        f"{address}: expected an answer about {what}, found that the rate limit is used up",
        code="forge.rate-limited",
        solution="Wait until the host's limit is reset; then run the same command again.",
    )


def unavailable(address: str, what: str, found: str) -> Unavailable:
    """Return that the host did not answer as it must."""
    return Unavailable(
        f"{address}: expected an answer about {what}, found {_quoted(found)}",
        code="forge.unreachable",
        solution="See whether the Git host answers; then run the same command again.",
    )


def unreadable(what: str, place: str, problem: str) -> Unavailable:
    """Return that the host's answer is not of the form that its own description promises."""
    return Unavailable(
        f"{what}: expected the host's usual answer, found {place}: {problem}",
        code="forge.unreadable",
        solution="Compare the host's version with those that Turnpike is tested against.",
    )


def _quoted(said: str) -> str:
    """Return a host's words on one line: they end on a terminal."""
    plain = "".join(letter if letter.isprintable() else " " for letter in said)
    return " ".join(plain.split())[:_LONGEST_QUOTE]
