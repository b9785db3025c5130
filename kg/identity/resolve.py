"""The things of all articles → which of them are one thing, and which may be.

Nothing depends on the order of articles. First the units of one IRI are told apart: a name that says nothing
without its article (管委会, 县委) is another thing in each, unless the articles say whose it is; people and places of
one name are one where the articles have more in common. Then things of other names are brought together within their
group: certain pairs are joined, the others are left for a person to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, pairwise, product
from typing import NamedTuple

from kg.graph.iri import escape, unescape
from kg.identity.decisions import Decisions
from kg.identity.names import Form, Names
from kg.identity.units import Unit
from kg.ontology import Ontology

TELLING_CHARS = 4
"""How long a name without area and legal form must be to tell a thing where nothing else does (澜芯微电子)."""

_NAMELESS = frozenset({"LayoutComponent", "SpatialLayout"})
_CONCEPTS = frozenset({"Industry", "Technology", "Designation"})
_BY_PLACE = ("Place", "Institution")
_MAY_BE_BARE = frozenset({"place", "organization", "project", "event", "product", "strategy"})


class Pair(NamedTuple):
    """Two things (by IRI) that may be one, and why."""

    one: str
    other: str
    why: str


@dataclass(frozen=True, slots=True)
class Identity:
    """What the things of each article are: article → IRI there → IRI.

    ``names`` are those of the things, ``ambiguous`` the pairs that may be one, and ``parts`` the IRIs that each thing
    would have without the others it was brought together with. ``known`` are the areas of the gazetteer.
    """

    iris: Mapping[str, Mapping[str, str]]
    names: Mapping[str, str]
    ambiguous: tuple[Pair, ...]
    parts: Mapping[str, frozenset[str]]
    known: frozenset[str]


def resolve(units: Iterable[Unit], ontology: Ontology, decisions: Decisions, base: str) -> Identity:
    """Which units are one thing. A person's ``decisions`` go before everything else."""
    units = sorted(units, key=lambda unit: (unit.article, unit.iri))
    here = {(unit.article, unit.iri): unit.owners for unit in units}
    survey = Survey(ontology, units, lambda article, iri: here.get((article, iri), frozenset()))
    return resolve_some(units, survey, decisions, base)


def resolve_some(units: Iterable[Unit], survey: Survey, decisions: Decisions, base: str) -> Identity:
    """The same of those units that have to do with each other (:meth:`Survey.related`), of all that were surveyed."""
    return _Resolver(sorted(units, key=lambda unit: (unit.article, unit.iri)), survey, decisions, base).identity()


def merged(identities: Iterable[Identity]) -> Identity:
    """What is known of things that have nothing to do with each other, in one."""
    iris: dict[str, dict[str, str]] = {}
    names: dict[str, str] = {}
    parts: dict[str, frozenset[str]] = {}
    ambiguous: list[Pair] = []
    known: set[str] = set()
    for identity in identities:
        for article, of in identity.iris.items():
            iris.setdefault(article, {}).update(of)
        names.update(identity.names)
        parts.update(identity.parts)
        ambiguous += identity.ambiguous
        known |= identity.known
    return Identity(iris, names, tuple(sorted(ambiguous)), parts, frozenset(known))


@dataclass(slots=True)
class _Called:
    """What articles call one IRI: its names, each with the class it is read by, and other names."""

    group: str
    names: set[tuple[str, str]]
    aliases: set[str]


class Survey:
    """What must be known of all units to say of some what they are: the areas, and what names say nothing.

    It is as large as there are things, not as there are articles. ``owners`` gives ``Unit.owners`` by article and IRI.
    """

    def __init__(self, ontology: Ontology, units: Iterable[Unit], owners: Callable[[str, str], frozenset[str]]) -> None:
        self.ontology, self.owners = ontology, owners
        self.areas: set[str] = set()
        self._called: dict[str, _Called] = {}
        area_names: set[str] = set()
        maybe_bare: dict[str, set[tuple[str, str]]] = {}
        nameless: set[str] = set()
        owning: dict[str, str] = {}  # organizations by what else they are called
        rivalled: set[tuple[str, str]] = set()
        for unit in units:
            if "AdministrativeArea" in unit.classes:
                area_names.add(unit.name)
                self.areas.add(unit.iri)
            if unit.classes & _NAMELESS:
                nameless.add(unit.iri)
            elif unit.group in _MAY_BE_BARE and not unit.known:
                maybe_bare.setdefault(unit.iri, set()).add((unit.name, unit.class_))
            called = self._called.setdefault(unit.iri, _Called(unit.group, set(), set()))
            called.names.add((unit.name, unit.class_))
            called.aliases |= unit.aliases
            if unit.group == "organization":
                for alias in unit.aliases:
                    if owning.setdefault(alias, unit.iri) != unit.iri:
                        rivalled.add((unit.group, alias))
        self.names = Names(ontology, area_names)
        self.bare = nameless | {
            iri for iri, of in maybe_bare.items() if any(self.names.is_bare(name, class_) for name, class_ in of)
        }
        self.rivalled = rivalled

    def iris(self) -> Iterable[str]:
        """The IRIs of all units, in their order."""
        return sorted(self._called)

    def related(self, decisions: Decisions) -> Mapping[str, list[str]]:
        """The IRIs that have to do with others by their names, with all of those: each may be resolved without the rest."""
        above: dict[str, str] = {}

        def top(iri: str) -> str:
            while (next_ := above.get(iri, iri)) != iri:
                above[iri] = iri = above.get(next_, next_)
            return iri

        def join(one: str, other: str) -> None:
            one, other = sorted((top(one), top(other)))
            if one != other:
                above[other] = one

        blocks: dict[tuple[str, str], dict[str, str]] = {}
        for iri, called in self._called.items():
            if iri in self.bare:
                continue
            for class_ in {class_ for _, class_ in called.names}:
                for name in {*(name for name, _ in called.names), *called.aliases}:
                    form = self.names.form(name, class_)
                    block = blocks.setdefault((called.group, form.core), {})
                    join(iri, block.setdefault(form.areas[-1][0] if form.areas else "", iri))
        for block in blocks.values():
            if "" in block:
                for iri in block.values():
                    join(iri, block[""])
        for pair in decisions.same:
            ends = [iri for decided in pair for iri in self._decided(decided)]
            for iri in ends[1:]:
                join(iri, ends[0])
        groups: dict[str, list[str]] = {}
        for iri in sorted(self._called):
            groups.setdefault(top(iri), []).append(iri)
        return {iri: group for group in groups.values() if len(group) > 1 for iri in group}

    def _decided(self, iri: str) -> list[str]:
        """The IRIs that things may have in articles of which one is ``iri`` when they are told apart."""
        parts = iri.split("(")
        return [made for n in range(len(parts), 0, -1) if (made := "(".join(parts[:n])) in self._called]


@dataclass(frozen=True, eq=False)
class _Atom:
    """Units that are one thing whatever comes: those of one IRI that nothing tells apart."""

    iri: str
    units: tuple[Unit, ...]
    name: str
    names: frozenset[str]
    class_: str
    group: str
    known: bool
    articles: frozenset[str]
    places: frozenset[str]
    context: frozenset[str]


class _Edge(NamedTuple):
    one: str
    other: str
    why: str
    alike: bool
    """Whether the two names are as good as equal; else one is short for the other."""


class _Resolver:
    def __init__(self, units: Sequence[Unit], survey: Survey, decisions: Decisions, base: str) -> None:
        self.ontology, self.decisions, self.base = survey.ontology, decisions, base
        self.names, self.areas, self.bare, self.rivalled = survey.names, survey.areas, survey.bare, survey.rivalled
        self.owners_of = survey.owners
        self.units = units

    def identity(self) -> Identity:
        atoms = {atom.iri: atom for atom in self._atoms()}
        clusters = _Clusters(atoms, _Different(self, atoms))
        for one, other in self.decisions.same:
            if one in atoms and other in atoms:
                clusters.join(one, other, forced=True)
        maybe: list[Pair] = []
        edges = sorted(self._edges(atoms), key=lambda edge: (not edge.alike, edge))
        for edge in (edge for edge in edges if edge.alike):
            if not clusters.join(edge.one, edge.other):
                maybe.append(Pair(*edge[:3]))
        for certain, edge in self._clipped(edges, atoms, clusters):
            if not certain or not clusters.join(edge.one, edge.other):
                maybe.append(Pair(*edge[:3]))
        maybe += self._one_name(atoms)
        return self._named(atoms, clusters, maybe)

    # One IRI, one thing?

    def _atoms(self) -> Iterator[_Atom]:
        by_iri: dict[str, list[Unit]] = {}
        for unit in self.units:
            by_iri.setdefault(unit.iri, []).append(unit)
        for iri, units in sorted(by_iri.items()):
            for part, qualifier in self._apart(iri, units):
                yield self._atom(iri + escape(f"({qualifier})") if qualifier else iri, part)

    def _apart(self, iri: str, units: list[Unit]) -> list[tuple[list[Unit], str]]:
        """The units of one IRI by the thing they mean, with what is written behind the name where that tells."""
        if iri in self.decisions.several:
            return [([unit], self._article(unit)) for unit in units]
        if any(unit.known for unit in units):
            return [(units, "")]
        if iri in self.bare:
            return [
                (part, _segment(min(owners)) if (owners := _all(part, self._owners)) else self._article(part[0]))
                for part in _connected(units, self._owners)
            ]
        if units[0].group == "person":
            parts = _connected(units, lambda unit: unit.linked - self.bare)
        elif iri in self.areas and self.names.is_shared(units[0].name):
            parts = _connected(units, lambda unit: self._narrow(unit.within | unit.beside))
        elif ("organization", units[0].name) in self.rivalled and units[0].group == "organization":
            parts = _connected(units, lambda unit: self._narrow(unit.within | unit.linked | unit.beside))
        elif self.is_placed(units[0].class_):
            return self._by_place(units)
        else:
            return [(units, "")]
        return [(part, self._article(part[0]) if len(parts) > 1 else "") for part in parts]

    def _by_place(self, units: list[Unit]) -> list[tuple[list[Unit], str]]:
        """The units of one IRI by where they lie, where any two lie in different places."""
        if not any(
            self.elsewhere(*pair) for pair in combinations(sorted(set(map(self._places, units)), key=sorted), 2)
        ):
            return [(units, "")]
        lost = [unit for unit in units if not self._places(unit)]
        found = [
            (part, _segment(min(_all(part, self._places), key=lambda place: (-self.names.depth(_title(place)), place))))
            for part in _connected([unit for unit in units if self._places(unit)], self._places)
        ]
        return [*found, (lost, "")] if lost else found

    def _article(self, unit: Unit) -> str:
        return unescape(unit.article.removeprefix(f"{self.base}article/"))

    def is_placed(self, class_: str) -> bool:
        """Whether a thing of this class is told from others of its name by where it lies."""
        return any(self.ontology.is_a(class_, top) for top in _BY_PLACE)

    def _owners(self, unit: Unit) -> frozenset[str]:
        """What says whose a bare name is: what it governs or is part of, or the one area of its rank."""
        owners = {
            owner
            for near in unit.owners
            for owner in (self.owners_of(unit.article, near) if near in self.bare else {near})
            if owner not in self.bare
        }
        rank = self.names.rank(unit.name)
        if not owners and rank and not self.names.is_wide_rank(rank) and "GovernmentBody" in unit.classes:
            ranked = {area for area in unit.beside & self.areas if self.names.area(_title(area))[1] == rank}
            owners = ranked if len(ranked) == 1 else set()
        return frozenset(owners)

    def _atom(self, iri: str, units: Sequence[Unit]) -> _Atom:
        first = units[0]
        name = max((unit.name for unit in units), key=lambda name: (len(name), name))
        names = {
            name
            for unit in units
            for name in (unit.name, *unit.aliases)
            if name == unit.name or not self.names.is_bare(name, first.class_)
        }
        context = _all(units, lambda unit: unit.within | unit.linked | unit.beside)
        return _Atom(
            iri,
            tuple(units),
            name,
            frozenset(() if first.iri in self.bare else names),
            first.class_,
            first.group,
            any(unit.known for unit in units),
            frozenset(unit.article for unit in units),
            _all(units, self._places),
            self._narrow(context) - {first.iri},
        )

    def _narrow(self, iris: Iterable[str]) -> frozenset[str]:
        """Without what too many articles name."""
        return frozenset(
            iri
            for iri in iris
            if iri not in self.bare
            and iri.removeprefix(self.base).partition("/")[0] in ("place", "organization", "person", "project")
            and not self.names.is_wide(_title(iri))
        )

    def _places(self, unit: Unit) -> frozenset[str]:
        return frozenset(place for place in unit.within if place in self.areas)

    def elsewhere(self, one: frozenset[str], other: frozenset[str]) -> bool:
        """Whether two things lie in areas of one rank that are not the same."""
        if self._narrow(one) & self._narrow(other):
            return False
        ranks: list[dict[str, set[str]]] = [{}, {}]
        for of, places in zip(ranks, (one, other), strict=True):
            for place in places:
                of.setdefault(self.names.area(_title(place))[1], set()).add(place)
        return any(rank and not ranks[0][rank] & ranks[1][rank] for rank in ranks[0].keys() & ranks[1].keys())

    # Other names, one thing?

    def _edges(self, atoms: Mapping[str, _Atom]) -> Iterator[_Edge]:
        blocks: dict[tuple[str, str], dict[str, dict[tuple[str, Form], bool]]] = {}
        for atom in atoms.values():
            for name in sorted(atom.names):
                form = self.names.form(name, atom.class_)
                stem = form.areas[-1][0] if form.areas else ""
                held = blocks.setdefault((atom.group, form.core), {}).setdefault(stem, {})
                held[atom.iri, form] = held.get((atom.iri, form), False) or name == atom.name
        seen: dict[tuple[str, str], _Edge] = {}
        for (_, core), by_area in blocks.items():
            lone = by_area.get("", {}).items()
            within = (pair for held in by_area.values() for pair in combinations(held.items(), 2))
            across = (pair for stem, held in by_area.items() if stem for pair in product(lone, held.items()))
            for ((one, form), own), ((other, like), main) in chain(within, across):
                if one == other or not (own or main) or not self._comparable(atoms[one], atoms[other]):
                    continue
                if (alike := self._alike(core, form, like, own and main, atoms[one].class_)) is None:
                    continue
                alike = alike and not (atoms[one].known or atoms[other].known)
                pair = (min(one, other), max(one, other))
                if pair not in seen or (alike and not seen[pair].alike):
                    why = "one name" if alike else "one name short for the other"
                    seen[pair] = _Edge(*pair, why, alike)
        return iter(seen.values())

    def _comparable(self, one: _Atom, other: _Atom) -> bool:
        if (one.known and other.known) or one.units[0].iri == other.units[0].iri:
            return False
        return self.ontology.is_a(one.class_, other.class_) or self.ontology.is_a(other.class_, one.class_)

    def _alike(self, core: str, form: Form, like: Form, own: bool, class_: str) -> bool | None:
        """Whether two names of one core are as good as equal; None where they are of different things."""
        if not own:
            return False if form == like else None
        clipped = form.kind != like.kind
        if clipped and form.whole and like.whole:
            return None
        if form.areas and like.areas:
            (stem, suffix), (other, behind) = form.areas[-1], like.areas[-1]
            if stem != other or (suffix and behind and suffix != behind):
                return None
            return not clipped or len(core) >= TELLING_CHARS
        if not self.names.distinctive(core) and class_ not in _CONCEPTS:
            return None
        return not (form.areas or like.areas) and (not clipped or len(core) >= TELLING_CHARS) and class_ != "Person"

    def _clipped(
        self, edges: Iterable[_Edge], atoms: Mapping[str, _Atom], clusters: _Clusters
    ) -> Iterator[tuple[bool, _Edge]]:
        """Pairs of a shorter and a longer name, and whether it is certain: of the longer names only one fits."""
        longer: dict[str, list[tuple[str, _Edge]]] = {}
        for edge in edges:
            if not edge.alike:
                short, long = sorted((edge.one, edge.other), key=lambda iri: (len(atoms[iri].name), iri))
                longer.setdefault(short, []).append((long, edge))
        for short, found in sorted(longer.items()):
            fits = {long for long, _ in found if self._fits(atoms[short], atoms[long])}
            things = {clusters.of(long) for long in fits}
            rivals = {clusters.of(long) for long, _ in found}
            for long, edge in found:
                certain = long in fits and len(things) == 1 and (len(rivals) == 1 or self._shares(atoms, short, long))
                yield certain, edge

    def _shares(self, atoms: Mapping[str, _Atom], short: str, long: str) -> bool:
        return bool(atoms[short].context & atoms[long].context)

    def _fits(self, short: _Atom, long: _Atom) -> bool:
        """Whether what else the articles say makes the shorter name that of the longer."""
        if short.articles & long.articles:
            return False  # there they are told apart
        if short.context & long.context:
            return True
        if short.class_ == "AdministrativeArea":
            return not self.names.is_shared(short.name) and not long.known
        form, full = self.names.form(short.name, short.class_), self.names.form(long.name, long.class_)
        named = {self.names.area(_title(iri))[0] for unit in short.units for iri in unit.beside & self.areas}
        missing = {stem for stem, _ in full.areas[-1:]} if not form.areas else set()
        return bool(missing & named) and len(form.core) >= TELLING_CHARS

    def _one_name(self, atoms: Mapping[str, _Atom]) -> Iterator[Pair]:
        """Things of one name that are kept apart, though they may be one; those that say nothing are left out."""
        by_iri: dict[str, list[_Atom]] = {}
        for atom in atoms.values():
            if atom.units[0].iri not in self.bare:
                by_iri.setdefault(atom.units[0].iri, []).append(atom)
        for found in by_iri.values():
            for one, other in pairwise(found):
                if not self.elsewhere(one.places, other.places):
                    yield Pair(one.iri, other.iri, "one name in articles that have nothing else in common")

    def _named(self, atoms: Mapping[str, _Atom], clusters: _Clusters, maybe: Iterable[Pair]) -> Identity:
        iris: dict[str, dict[str, str]] = {}
        parts: dict[str, frozenset[str]] = {}
        names: dict[str, str] = {}
        canonical: dict[str, str] = {}
        for members in clusters.all():
            chosen = max(members, key=lambda iri: (atoms[iri].known, len(atoms[iri].name), atoms[iri].name, iri))
            renamed = (self.decisions.names[iri] for iri in sorted(members) if iri in self.decisions.names)
            names[chosen] = next(renamed, atoms[chosen].name)
            parts[chosen] = frozenset(members)
            for iri in members:
                canonical[iri] = chosen
                for unit in atoms[iri].units:
                    iris.setdefault(unit.article, {})[unit.iri] = chosen
        known = frozenset(canonical[atom.iri] for atom in atoms.values() if atom.known)
        pairs = {
            (min(ends), max(ends)): pair.why
            for pair in maybe
            if len(ends := {canonical[pair.one], canonical[pair.other]}) == 2
            and not self.decisions.are_different(pair.one, pair.other)
        }
        return Identity(iris, names, tuple(Pair(*ends, why) for ends, why in sorted(pairs.items())), parts, known)


class _Different:
    """Which things are never one: two areas of the gazetteer, two places apart, and what a person said is two."""

    def __init__(self, resolver: _Resolver, atoms: Mapping[str, _Atom]) -> None:
        self._resolver, self._atoms = resolver, atoms

    def __call__(self, one: str, other: str) -> bool:
        first, second = self._atoms[one], self._atoms[other]
        if first.known and second.known:
            return True
        if self._resolver.decisions.are_different(one, other):
            return True
        return self._resolver.is_placed(first.class_) and self._resolver.elsewhere(first.places, second.places)


class _Clusters:
    """Which atoms are one thing so far."""

    def __init__(self, atoms: Iterable[str], different: _Different) -> None:
        self._of = {iri: iri for iri in atoms}
        self._members = {iri: [iri] for iri in self._of}
        self._different = different

    def of(self, iri: str) -> str:
        return self._of[iri]

    def all(self) -> Iterable[list[str]]:
        return self._members.values()

    def join(self, one: str, other: str, forced: bool = False) -> bool:
        """Make one thing of two; refused where any two of their parts are never one, unless ``forced``."""
        first, second = sorted((self._of[one], self._of[other]))
        if first == second:
            return True
        if not forced and any(self._different(a, b) for a in self._members[first] for b in self._members[second]):
            return False
        for iri in self._members[second]:
            self._of[iri] = first
        self._members[first] += self._members.pop(second)
        return True


def _connected(units: Sequence[Unit], features: Callable[[Unit], Iterable[str]]) -> list[list[Unit]]:
    """The units in groups that share a feature, one to the next."""
    groups: list[list[Unit]] = []
    holding: dict[str, int] = {}
    moved: dict[int, int] = {}

    def home(at: int) -> int:
        while at in moved:
            at = moved[at]
        return at

    for unit in units:
        found = set(features(unit))
        joined = {home(holding[feature]) for feature in found if feature in holding}
        at = max(joined, key=lambda at: len(groups[at]), default=len(groups))
        if at == len(groups):
            groups.append([])
        groups[at].append(unit)
        for other in joined - {at}:
            groups[at] += groups[other]
            groups[other] = []
            moved[other] = at
        holding.update(dict.fromkeys(found, at))
    return [sorted(group, key=lambda unit: unit.article) for group in groups if group]


def _all(units: Iterable[Unit], features: Callable[[Unit], Iterable[str]]) -> frozenset[str]:
    return frozenset(feature for unit in units for feature in features(unit))


def _segment(iri: str) -> str:
    """The name that an IRI was made of, with what tells it apart."""
    return unescape(iri.rpartition("/")[2])


def _title(iri: str) -> str:
    """The name that an IRI was made of, without what tells it apart."""
    return _segment(iri).partition("(")[0]
