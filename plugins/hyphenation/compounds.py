"""The seams of German compounds: places at which the patterns and a list of parts agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

#: Roles of a part: a noun, a form that only another part can follow (Rechtschreib-), an adjective.
NOUN, LINK, ADJECTIVE = "nla"

#: What a noun may end in where it is the last part, and where another one follows.
NOUN_ENDINGS = frozenset(
    (
        "",
        "s",
        "e",
        "n",
        "en",
        "es",
        "er",
        "ern",
        "se",
        "sen",
        "ses",
        "in",
        "innen",
        "nen",
    )
)
LINKING_ENDINGS = ("s", "n", "en", "es", "er", "e", "innen")
# Of these the ones that need not be listed: the others would make "Versen" of Vers.
_FREE_LINKING_ENDINGS = frozenset(("s", "es", "innen"))
ADJECTIVE_ENDINGS = frozenset(("", "e", "en", "er", "es", "em", "keit", "heit"))
_LONGEST_ENDING = max(map(len, NOUN_ENDINGS | ADJECTIVE_ENDINGS))
# After these a noun takes an s whatever follows: a seam even where the rest is unknown.
_CERTAIN_ENDS = ("ungs", "heits", "keits", "schafts", "tions", "sions", "täts")

_PREFIXES = frozenset(
    """
    ab an auf aus be durch ein emp ent er fort ge gegen her hin hinter miss mit nach rück ver vor
    weg weiter wider wieder zer zurück zusammen zwischen über um un unter ur
    """.split()
)
# Often the first syllable of a simple word: Becken, Gemüse, Erbe.
_DOUBTFUL_PREFIXES = frozenset(("be", "er", "ge"))
# Words that only look as if they had a prefix: Abitur, Antenne, Genitiv.
_NO_PREFIX = ("abit", "anten", "antiq", "benef", "gene", "geni", "unif", "univ")
_LONGEST_PREFIX = max(map(len, _PREFIXES))

_SHORTEST, _LONGEST = 3, 30
# What a part costs. A reading with fewer, longer, better known parts is cheaper.
_PART, _DERIVED, _THREE_LETTERS = 10, 3, 4

#: From, to (numbers of places) and cost of a part that a word could have.
_Edge = tuple[int, int, int]
#: What a reading costs, and where its parts meet.
_Reading = tuple[int, tuple[int, ...]]


class Parts:
    """The parts that compounds are made of, as ``{part in lower case: its roles}``."""

    def __init__(self, roles: Mapping[str, str]) -> None:
        self._roles = roles

    def seams(self, word: str, breaks: Sequence[int], is_last: bool = True) -> list[int]:
        """
        Return those of *breaks* at which *word*, in lower case, is a compound's seam.

        Of several readings the cheapest counts; of several cheapest ones, what they have in
        common. *is_last* is false for a word that another one follows.
        """
        size = len(word)
        places = [0, *breaks, size]
        edges = list(self._edges(word, places, is_last))
        seams = {places[place] for place in _common_places(edges, len(places) - 1)}
        seams.update(
            place
            for place in breaks
            if place > 6 and size - place >= 4 and word.endswith(_CERTAIN_ENDS, 0, place)
        )
        return sorted(seams)

    def split(self, word: str) -> list[int]:
        """
        Return where the parts of *word*, in lower case, meet, whether it may be divided there or not.

        That is what `seams` finds, nearly always, in a fraction of the time; of several cheapest readings
        it takes one.
        """
        size = len(word)
        readings: dict[int, _Reading | None] = {}

        def cheapest(start: int) -> _Reading | None:
            """Return what the cheapest reading from *start* on costs, and its places."""
            if start in readings:
                return readings[start]
            best: _Reading | None = None
            if self._cost_last(word[start:]):
                best = (_PART, ())
            else:
                for end in range(start + _SHORTEST, size - _SHORTEST + 1):
                    cost = self._cost_inner(word[start:end])
                    if cost and (rest := cheapest(end)):
                        total = cost + rest[0] + (_THREE_LETTERS if end - start == 3 else 0)
                        if best is None or total < best[0]:
                            best = (total, (end, *rest[1]))
            readings[start] = best
            return best

        found = cheapest(0) if size <= _LONGEST else None
        return list(found[1]) if found else []

    def _edges(self, word: str, places: Sequence[int], is_last: bool) -> Iterator[_Edge]:
        """Yield the parts that *word* could have, ordered by their beginning."""
        last = len(places) - 1
        for start in range(last):
            for end in range(start + 1, last + 1):
                length = places[end] - places[start]
                if length > _LONGEST:
                    break
                if length < _SHORTEST:
                    continue
                part = word[places[start] : places[end]]
                cost = self._cost_last(part) if is_last and end == last else self._cost_inner(part)
                if cost:
                    yield start, end, cost + (_THREE_LETTERS if length == _SHORTEST else 0)

    def _cost_inner(self, part: str) -> int:
        """Return what *part* costs where another one follows; 0 if it cannot stand there."""
        roles = self._roles.get(part, "")
        if LINK in roles:
            return _PART
        if NOUN in roles:
            return _PART + _DERIVED
        # All endings end in these; most parts do not, and many are asked for.
        if part[-1] in "sn" and self._is_linked(part):
            return _PART + _DERIVED
        return 0

    def _cost_last(self, part: str) -> int:
        """Return what *part* costs at the end of a word; 0 if it cannot stand there."""
        roles, size = self._roles, len(part)
        # A loop with few steps: most words of a page come here many times, for each of their parts.
        for cut in range(size, max(size - _LONGEST_ENDING, _SHORTEST) - 1, -1):
            role = roles.get(part[:cut])
            if role is None:
                continue
            ending = part[cut:]
            if NOUN in role and ending in NOUN_ENDINGS:
                return _PART
            if ADJECTIVE in role and ending in ADJECTIVE_ENDINGS:
                return _PART
        return 0

    def _is_linked(self, part: str) -> bool:
        """Return whether *part* is a noun with a linking ending that need not be listed."""
        for ending in _FREE_LINKING_ENDINGS:
            noun = part.removesuffix(ending)
            if _SHORTEST <= len(noun) < len(part) and NOUN in self._roles.get(noun, ""):
                return True
        return part.endswith("en") and NOUN in self._roles.get(part[:-1], "")


def _common_places(edges: Sequence[_Edge], last: int) -> list[int]:
    """Return the places strictly inside 0 to *last* that all cheapest paths along *edges* touch."""
    to_end: dict[int, int] = {last: 0}
    for start, end, cost in reversed(edges):
        if end in to_end:
            to_end[start] = min(to_end.get(start, cost + to_end[end]), cost + to_end[end])
    from_start: dict[int, int] = {0: 0}
    touched: set[int] = set()
    passed: set[int] = set()
    for start, end, cost in edges:
        if start not in from_start or end not in to_end:
            continue
        price = from_start[start] + cost
        from_start[end] = min(from_start.get(end, price), price)
    for start, end, cost in edges:
        if start not in from_start or end not in to_end:
            continue
        if from_start[start] + cost + to_end[end] == to_end[0]:
            touched.add(end)
            passed.update(range(start + 1, end))
    return sorted(touched - passed - {last})


def prefix_seam(part: str, breaks: Sequence[int]) -> int:
    """Return the place after the prefix of *part*, one of its *breaks*, or 0."""
    if part.startswith(_NO_PREFIX):
        return 0
    for place in reversed(breaks):
        if place <= _LONGEST_PREFIX and part[:place] in _PREFIXES:
            enough = 5 if part[:place] in _DOUBTFUL_PREFIXES else 4
            return place if len(part) - place >= enough else 0
    return 0
