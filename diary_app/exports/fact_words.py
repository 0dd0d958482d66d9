"""What is known of a patient besides the diary, in words for screens and the report."""

from collections.abc import Mapping
from typing import Protocol

from diary_app.exports.bundle import MedicineLine
from diary_app.exports.code_words import symptom_words, words_for
from diary_app.figures.wording import day_words
from diary_app.text import _


class Known(Protocol):
    """What the rules know of a patient; None = not known, never no."""

    @property
    def prior_severe_reaction(self) -> bool | None: ...  # noqa: D102
    @property
    def prior_reaction_type(self) -> str | None: ...  # noqa: D102
    @property
    def on_systemic_steroid(self) -> bool | None: ...  # noqa: D102
    @property
    def baseline_grades(self) -> Mapping[str, int]: ...  # noqa: D102


def reaction_words(kind: str) -> str:
    """Return a kind of earlier reaction (clinical.md 9B) in words."""
    words = {
        "maculopapular_g3": _("maculopapular rash, grade 3"),
        "exfoliative": _("exfoliative dermatitis"),
        "em_no_mucosa": _("erythema multiforme without mucosa"),
        "em_mucosal": _("erythema multiforme with mucosa"),
        "sjs_ten": _("SJS or TEN"),
        "dress": _("DRESS"),
    }
    return words_for(kind, words)


def prior_words(known: Known) -> str:
    """Return whether there was a severe reaction before, and of which kind."""
    if known.prior_reaction_type is not None:
        return _("yes: {kind}").format(kind=reaction_words(known.prior_reaction_type))
    if known.prior_severe_reaction:
        return _("yes, its kind is not known")
    return truth_words(known.prior_severe_reaction)


def truth_words(known: bool | None) -> str:
    """Return yes, no or not known."""
    return _("not known") if known is None else _("yes") if known else _("no")


def usual_words(known: Known) -> str:
    """Return what was there before the diary, worst first."""
    found = sorted(known.baseline_grades.items(), key=lambda item: (-item[1], item[0]))
    words = [
        _("{symptom} grade {grade}").format(symptom=symptom_words(name), grade=grade)
        for name, grade in found
        if grade > 0
    ]
    return ", ".join(words) or _("nothing is noted")


def known_pairs(known: Known) -> list[tuple[str, str]]:
    """Return what is known as label and value."""
    return [
        (_("Severe skin reaction before"), prior_words(known)),
        (_("There before the diary"), usual_words(known)),
        (_("Takes a steroid beside the plan"), truth_words(known.on_systemic_steroid)),
    ]


def taken_words(line: MedicineLine) -> str:
    """Return a medicine with its dose: "Ramipril, 5 mg every morning"."""
    return f"{line.name}, {line.dose}" if line.dose else line.name


def since_words(line: MedicineLine) -> str:
    """Return from when to when it is taken."""
    if line.since is None and line.until is None:
        return _("first day not known")
    if line.until is None and line.since is not None:
        return _("since {day}").format(day=day_words(line.since))
    if line.since is None and line.until is not None:
        return _("until {day}").format(day=day_words(line.until))
    return _("{first} to {last}").format(
        first=day_words(line.since) if line.since else "",
        last=day_words(line.until) if line.until else "",
    )
