"""Where the methods come from, by the names that results carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.sequential.judge import AnyLook, PlannedLook

if TYPE_CHECKING:
    from copylab.analysis.report.words import Words
    from copylab.analysis.results import Analysis

SOURCES = {
    "score test": "Mee (1984), Biometrics 40; Miettinen, Nurminen (1985), Statistics in Medicine 4",
    "Barnard's exact test": "Barnard (1947), Biometrika 34",
    "Welch's t": "Welch (1947), Biometrika 34; Fieller (1954), JRSS B 16",
    "delta method": "Fieller (1954), JRSS B 16",
    "CUPED": "Deng, Xu, Kohavi, Walker (2013), WSDM",
    "post-stratified": "Miratrix, Sekhon, Yu (2013), JRSS B 75",
    "Beta posterior with Jeffreys's prior": "Jeffreys (1946), Proc. R. Soc. A 186",
    "holm": "Holm (1979), Scand. J. Stat. 6",
    "bh": "Benjamini, Hochberg (1995), JRSS B 57",
    "dunnett": "Dunnett (1955), JASA 50",
    "obrien-fleming": "O'Brien, Fleming (1979), Biometrics 35; Lan, DeMets (1983), Biometrika 70; "
    "Jennison, Turnbull (1989), JRSS B 51",
    "pocock": "Pocock (1977), Biometrika 64; Lan, DeMets (1983), Biometrika 70; Jennison, "
    "Turnbull (1989), JRSS B 51",
    "any": "Robbins (1970), Ann. Math. Stat. 41; Johari, Koomen, Pekelis, Walsh (2017), KDD",
    "prior": "Efron, Morris (1975), JASA 70",
    "funnel": "Ang (2005), Energy Policy 33",
    "strata": "Cochran (1954), Biometrics 10",
    "srm": "Pearson (1900), Philosophical Magazine 50; Fabijan et al. (2019), KDD",
}
"""A source by the name of a method, of a correction, or of a part of the report."""

_CORRECTIONS = frozenset(("holm", "bh", "dunnett"))
_PARTS = frozenset(
    ("obrien-fleming", "pocock", "any", "prior", "funnel", "strata", "srm")
)


def cite_methods(analysis: Analysis, words: Words) -> list[str]:
    """The source of all that was done, each with what it stands for."""
    done = [*dict.fromkeys(_done(analysis))]
    return [
        words.pair(_name(key, words), SOURCES[key]) for key in done if key in SOURCES
    ]


def _name(key: str, words: Words) -> str:
    if key in _CORRECTIONS:
        return words(f"correction.{key}")
    return words(f"source.{key}") if key in _PARTS else words.method(key)


def _done(analysis: Analysis) -> list[str]:
    """What was done, by key, in the order of the report."""
    done = ["srm"]
    done += [part for item in analysis.comparisons for part in item.method.split(", ")]
    done += [name for item in analysis.adjustments for name in item.applied]
    done += [name for item in analysis.comparisons for name in item.corrections]
    looks = analysis.looks
    if looks is not None and isinstance(looks.judge, AnyLook):
        done.append("any")
    elif looks is not None and isinstance(looks.judge, PlannedLook):
        done.append(looks.plan.spending)
    if analysis.ranking is not None:
        done.append(analysis.ranking.method)
    parts = {
        "prior": bool(analysis.shrunk),
        "funnel": analysis.funnel is not None,
        "strata": bool(analysis.strata),
    }
    return [*done, *(name for name, is_there in parts.items() if is_there)]
