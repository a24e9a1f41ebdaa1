"""The figures that a chapter may quote, named once and the same for every client."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from helpers.results import Figure

__all__ = ["Declared", "by_name", "declare"]

UNTOLD = "these data cannot tell it"


@dataclass(frozen=True)
class Declared:
    """Names of a chapter's figures, and the verdicts that some of them come with.

    ``claims`` are verdicts that say something is there, a difference, a change or an effect, which
    chance alone could show: their figures tell how often it would.
    """

    names: frozenset[str]
    verdicts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    claims: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def claiming(self, **verdicts: Iterable[str]) -> Declared:
        """The same, with the verdicts by figure that claim something.

        >>> declare(effect=("higher", "lower", "not clear")).claiming(effect=("higher",)).claims
        {'effect': frozenset({'higher'})}
        """
        for name, said in verdicts.items():
            if unknown := set(said) - set(self.verdicts.get(name, ())):
                raise ValueError(f"{name!r} declares no verdict {', '.join(sorted(unknown))}")
        told = {name: frozenset(said) for name, said in verdicts.items()}
        return replace(self, claims={**self.claims, **told})

    def __or__(self, other: Declared) -> Declared:
        """What two parts of a chapter declare, together."""
        verdicts, claims = {**self.verdicts, **other.verdicts}, {**self.claims, **other.claims}
        return Declared(self.names | other.names, verdicts, claims)

    def checked(self, figures: Iterable[Figure]) -> dict[str, Figure]:
        """Figures by name; one that was not declared, or with another verdict, is refused.

        Raises
        ------
        ValueError
            Where a figure, or its verdict, was not declared, or one that claims has no ``p``.
        """
        found = by_name(*figures)
        for name, figure in found.items():
            if name not in self.names:
                raise ValueError(f"{name!r} is not among the figures that this chapter declares")
            known = self.verdicts.get(name, ())
            asked = figure.verdict or (known and figure.value is not None)
            if asked and figure.verdict not in known:
                told = ", ".join(known) or "none"
                raise ValueError(f"{name!r} has the verdict {figure.verdict!r}; declared: {told}")
            if figure.verdict in self.claims.get(name, ()):
                if figure.p is None:
                    raise ValueError(f"{name!r} is {figure.verdict!r}: how often by chance?")
                found[name] = replace(figure, claims=True)
        return found

    def untold(
        self, figures: Mapping[str, Figure], reasons: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        """Every declared figure that is not there, with the reason.

        ``reasons`` are by figure; the others are told in general words.

        >>> declare("nps", "change").untold({"nps": Figure("nps", 1.0)})
        {'change': 'these data cannot tell it'}
        """
        why = reasons or {}
        return {name: why.get(name) or UNTOLD for name in sorted(self.names - set(figures))}


def by_name(*figures: Figure) -> dict[str, Figure]:
    """Figures by the names that sentences give them.

    >>> list(by_name(Figure("nps", 1.0), Figure("base", 90, unit="count")))
    ['nps', 'base']
    """
    return {figure.name: figure for figure in figures}


def declare(*names: str, **verdicts: tuple[str, ...]) -> Declared:
    """Declare a chapter's figures: names alone, and by keyword those with a verdict.

    Examples
    --------
    >>> made = declare("per", effect=("higher", "lower", "not clear"))
    >>> sorted(made.names), made.verdicts["effect"]
    (['effect', 'per'], ('higher', 'lower', 'not clear'))
    """
    if twice := set(names) & set(verdicts) or {n for n in names if names.count(n) > 1}:
        raise ValueError(f"declared twice: {', '.join(sorted(twice))}")
    return Declared(frozenset({*names, *verdicts}), dict(verdicts))
