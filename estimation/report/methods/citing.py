"""Sentences on methods with the sources that they cite, by author and year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from estimation.fits.fit import AnyFit
from estimation.report.blocks import Paragraph, Section, bullets

DATED = re.compile(r"^(?:[^(]*?: )?(?P<authors>[^(]+?)[,.]?\s*\((?P<year>\d{4}[a-z]?)\)")
INITIALS = re.compile(r"^[A-Z](?:\.?[ -]*[A-Z])*\.?$")
SEVERAL = re.compile(r"; (?=[A-Z][^;]*\(\d{4}[a-z]?\))")  # between sources of one theory
MANY = 3  # authors from which on the first stands for all

SPELT = {"numpy": "NumPy", "scipy": "SciPy", "pymc": "PyMC"}

LOO = "Vehtari, Gelman & Gabry (2017), Statistics and Computing 27:1413-1432"
PARETO = "Vehtari, Simpson, Gelman, Yao & Gabry (2024), JMLR 25(72)"
PERSON = "Merkle, Furr & Rabe-Hesketh (2019), Psychometrika 84:802-829"
STACKING = "Yao, Vehtari, Simpson & Gelman (2018), Bayesian Analysis 13(3):917-1007"
CHAINS = "Vehtari, Gelman, Simpson, Carpenter & Bürkner (2021), Bayesian Analysis 16(2):667-718"
NUTS = "Hoffman & Gelman (2014), JMLR 15:1593-1623"
UNCERTAIN = "Sivula, Magnusson, Matamoros & Vehtari (2025), Bayesian Analysis"
MIXTURES = "West (1993), Journal of the Royal Statistical Society B 55(2):409-422"
SLICES = "Murray, Adams & MacKay (2010), Proceedings of Machine Learning Research 9:541-548"
KERNELS = "West (1993), Journal of the Royal Statistical Society B 55(2):409-422"
INDEPENDENCE = "Mengersen & Tweedie (1996), Annals of Statistics 24:101-121"
FLEXIBLE = "Fudenberg, Kleinberg, Liang & Mullainathan (2022), Journal of Political Economy 130(4):956-990"


@dataclass(frozen=True)
class Methods:
    """What was done, and what it cites."""

    sentences: tuple[str, ...]
    references: tuple[str, ...]

    @property
    def text(self) -> str:
        """The paragraph."""
        return " ".join(self.sentences)


class Cited:
    """The sources that a paragraph has cited so far, in order."""

    def __init__(self) -> None:
        self._found: dict[str, None] = {}

    def __call__(self, *sources: str) -> str:
        """Return sources in brackets by author and year, and remember them; nothing if there is none."""
        known = [source for source in sources if source]
        self._found |= dict.fromkeys(known)
        return f" ({'; '.join(map(by_author, known))})" if known else ""

    @property
    def references(self) -> tuple[str, ...]:
        """Everything that was cited, in full."""
        return tuple(self._found)


def sources_of(fits: Mapping[str, AnyFit]) -> list[str]:
    """Return the sources of what was fitted, and of how fits are checked and compared; those of chains if any ran."""
    has_chains = any("pooled" not in fit.manifest for fit in fits.values())
    methods = (LOO, PARETO, PERSON, STACKING, *((CHAINS,) if has_chains else ()))
    found = [*(fit.model.citation for fit in fits.values()), *methods]
    return [text for text in dict.fromkeys(found) if text]


def by_author(source: str) -> str:
    """Return author and year of a source as text cites it; the whole source if it does not begin with them.

    Examples
    --------
    >>> by_author("Özer, Zheng & Chen (2011), Management Science 57(6):1111-1137")
    'Özer et al. 2011'
    >>> by_author("Small, K. A. & Rosen, H. S. (1981). Applied welfare economics with discrete choice models.")
    'Small and Rosen 1981'
    >>> by_author("Crawford (2003), AER 93(1):133-149; Cai & Wang (2006), GEB 56(1):7-36")
    'Crawford 2003; Cai and Wang 2006'
    """
    return "; ".join(map(_by_author, SEVERAL.split(source)))


def _by_author(source: str) -> str:
    found = DATED.match(source)
    if not found:
        return source.rstrip(".")
    names = [part.strip() for part in re.split(r",\s*&\s*|,\s*and\s+|\s*&\s*|\s+and\s+|,\s*", found["authors"])]
    authors = [name for name in names if name and not INITIALS.match(name)]
    who = f"{authors[0]} et al." if len(authors) >= MANY else " and ".join(authors)
    return f"{who} {found['year']}"


def software(versions: Iterable[dict[str, str]], used: Iterable[str]) -> str:
    """Return the sentence on software: `used` names what took part, `versions` those of each fit."""
    seen = {
        f"{SPELT.get(name, name)} {version}" for each in versions for name, version in each.items() if name in set(used)
    }
    return f"Computations were done with {', '.join(sorted(seen, key=_ours_first))}."


def _ours_first(name: str) -> tuple[bool, str]:
    return not name.startswith("estimation "), name


def methods_sections(methods: Methods) -> tuple[Section, Section]:
    """Return what was done, as a paper would print it, and what that cites."""
    said = Section("methods", "Methods, in a paragraph for a paper", (Paragraph(methods.text),))
    return said, Section("citations", "What to cite", (bullets(methods.references),))
