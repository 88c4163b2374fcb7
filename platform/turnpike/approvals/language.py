"""Proofs about patterns: a path that some match and others do not, or that there is none.

Every pattern becomes an automaton; the search walks all of them at once, over the few characters
that any of them can tell apart. Paths are those of Git: names of at least one character each.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from functools import lru_cache
from string import ascii_lowercase, digits

from turnpike.approvals.glob import ANY, Folders, Glob, Many, One, Segment, literal
from turnpike.errors import CannotDecide

MOST_STATES = 50_000
_OTHERS = "xyzqwjkvbn089~_Z%"
States = frozenset[int]
Edges = tuple[tuple[tuple[One | None, int], ...], ...]


class Automaton:
    """States by number: where each leads by which character (None: a slash), and the last ones.

    From an ``endless`` one everything is accepted. A step that was taken once is remembered:
    searches take the same ones again and again.
    """

    def __init__(self, edges: Edges, first: States, last: States) -> None:
        """Keep where each state leads."""
        self.edges = edges
        self.first = first
        self.last = last
        self.endless = frozenset(n for n in last if {(ANY, n), (None, n)} <= set(edges[n]))
        self.predicates = frozenset(t for out in edges for t, _ in out if t is not None)
        self._taken: dict[tuple[States, str], States] = {}

    def after(self, states: States, char: str) -> States:
        """Return the states after one more character."""
        known = self._taken.get((states, char))
        if known is None:
            known = self._taken[states, char] = frozenset(
                target
                for state in states
                for takes, target in self.edges[state]
                if (char == "/" if takes is None else takes.takes(char))
            )
        return known


class _Builder:
    """Adds the steps of a pattern one after another; ``free`` are moves without a character."""

    def __init__(self) -> None:
        self.edges: list[list[tuple[One | None, int]]] = [[]]
        self.free: list[list[int]] = [[]]

    def state(self) -> int:
        self.edges.append([])
        self.free.append([])
        return len(self.edges) - 1

    def folders(self, at: int) -> int:
        """Any folders: the characters of a name, and a slash that leads back."""
        inside, beyond = self.state(), self.state()
        self.free[at] += [inside, beyond]
        self.edges[inside] += [(ANY, inside), (None, at)]
        return beyond

    def segment(self, at: int, segment: Segment) -> int:
        for atom in segment:
            following = self.state()
            if isinstance(atom, Many):
                self.free[at].append(following)
                self.edges[following].append((ANY, following))
            else:
                self.edges[at].append((atom, following))
            at = following
        return at

    def slash(self, at: int) -> int:
        following = self.state()
        self.edges[at].append((None, following))
        return following

    def everything(self, at: int) -> int:
        self.edges[at] += [(ANY, at), (None, at)]
        return at

    def automaton(self, last: Iterable[int]) -> Automaton:
        reached = [self._reached(state) for state in range(len(self.edges))]
        edges = tuple(
            tuple(dict.fromkeys((t, end) for t, target in edges for end in sorted(reached[target])))
            for edges in self.edges
        )
        return Automaton(edges, frozenset(reached[0]), frozenset(last))

    def _reached(self, state: int) -> set[int]:
        found, todo = {state}, [state]
        while todo:
            new = set(self.free[todo.pop()]) - found
            found |= new
            todo += new
        return found


@lru_cache(maxsize=4096)
def automaton_of(glob: Glob) -> Automaton:
    """Return the automaton that accepts exactly the paths that a pattern matches."""
    builder, at = _Builder(), 0
    for number, step in enumerate(glob.steps):
        if isinstance(step, Folders):
            at = builder.folders(at)
        else:
            at = builder.segment(at, step)
            at = at if number == len(glob.steps) - 1 else builder.slash(at)
    last = [] if glob.tail == "below" else [at]
    if glob.tail != "file":
        last.append(builder.everything(builder.slash(at)))
    return builder.automaton(last)


@lru_cache(maxsize=256)
def layout(text: str, teams: tuple[str, ...] = (), targets: tuple[str, ...] = ()) -> Automaton:
    """Return the automaton of a path with ``{name}``, ``{team}``, ``{target}``, ``{rest}`` in it.

    A name is one of Turnpike's: lower case, digits, single hyphens within. Teams and targets are
    those given; the rest is anything.
    """
    choices = {"{team}": teams, "{target}": targets}
    builder, at = _Builder(), 0
    for part in text.replace("{", "\0{").replace("}", "}\0").split("\0"):
        if part == "{name}":
            at = _name(builder, at)
        elif part in choices:
            ends = [_text(builder, at, name) for name in choices[part]]
            at = builder.state()
            for end in ends:
                builder.free[end].append(at)
        elif part == "{rest}":
            at = builder.everything(at)
        else:
            at = _text(builder, at, part)
    return builder.automaton([at])


def _text(builder: _Builder, at: int, text: str) -> int:
    for char in text:
        at = builder.slash(at) if char == "/" else builder.segment(at, (literal(char),))
    return at


def _name(builder: _Builder, at: int) -> int:
    letter, other = One(frozenset(ascii_lowercase)), One(frozenset(ascii_lowercase + digits))
    inside, hyphen = builder.state(), builder.state()
    builder.edges[at].append((letter, inside))
    builder.edges[inside] += [(other, inside), (literal("-"), hyphen)]
    builder.edges[hyphen].append((other, inside))
    return inside


@lru_cache(maxsize=4096)
def before(automaton: Automaton, suffix: str) -> Automaton:
    """Return the automaton of what, with the suffix after it, is a path of this one."""
    last = set()
    for state in range(len(automaton.edges)):
        reached = frozenset((state,))
        for char in suffix:
            reached = automaton.after(reached, char)
        if reached & automaton.last:
            last.add(state)
    return Automaton(automaton.edges, automaton.first, frozenset(last))


def witness(wanted: Sequence[Automaton], avoided: Sequence[Automaton] = ()) -> str | None:
    """Return a shortest path that all ``wanted`` accept and no ``avoided`` does; None without one.

    Raises CannotDecide where that would take too long to find out.
    """
    return _witness(tuple(wanted), tuple(avoided))


@lru_cache(maxsize=4096)
def _witness(wanted: tuple[Automaton, ...], avoided: tuple[Automaton, ...]) -> str | None:
    """Search breadth first; automata are told apart as the objects that they are.

    Of those to be avoided only the ones that may still accept are followed: most end within a few
    characters, and one that accepts whatever follows ends the branch.
    """
    alphabet = _alphabet((*wanted, *avoided))
    start = (True, tuple(a.first for a in wanted), tuple((a, a.first) for a in avoided))
    seen, queue = {start}, deque([("", start)])
    while queue:
        path, (at_start, inside, outside) = queue.popleft()
        is_in = all(a.last & s for a, s in zip(wanted, inside, strict=True))
        if is_in and not at_start and not any(a.last & s for a, s in outside):
            return path
        for char in alphabet[1:] if at_start else alphabet:
            entered = _entered(wanted, inside, char)
            if entered is None:
                continue
            left = tuple((a, after) for a, s in outside if (after := a.after(s, char)))
            step = (char == "/", entered, left)
            if step not in seen and not any(a.endless & s for a, s in left):
                seen.add(step)
                queue.append((path + char, step))
        if len(seen) > MOST_STATES:
            raise _too_complex()
    return None


def _entered(
    wanted: Sequence[Automaton], states: tuple[States, ...], char: str
) -> tuple[States, ...] | None:
    """Return the states of all wanted patterns after a character; None where one takes no more."""
    entered = []
    for automaton, before in zip(wanted, states, strict=True):
        after = automaton.after(before, char)
        if not after:
            return None
        entered.append(after)
    return tuple(entered)


def _too_complex() -> CannotDecide:
    return CannotDecide(
        f"expected patterns that can be told apart in {MOST_STATES} states, found more",
        code="codeowners.too-complex",
        solution="Use fewer `*` in one pattern.",
    )


def _alphabet(automata: Iterable[Automaton]) -> tuple[str, ...]:
    """Return the slash and a character of each kind that some automaton tells from the others."""
    predicates = frozenset(one for automaton in automata for one in automaton.predicates)
    return _kinds(predicates)


@lru_cache(maxsize=256)
def _kinds(predicates: frozenset[One]) -> tuple[str, ...]:
    named = {char for one in predicates for char in one.chars} - {"/"}
    kinds: dict[frozenset[One], str] = {}
    for char in (*_OTHERS, *sorted(named)):
        kinds.setdefault(frozenset(one for one in predicates if one.takes(char)), char)
    return ("/", *kinds.values())
