"""An entry in lines: one question, one answer, for the review and the history."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from diary_app.state import wording
from diary_app.state.body import amount_label, extent_percent, region_label
from diary_app.state.entry_draft import EntryDraft
from diary_app.state.questions import PlannedDay, applicable
from diary_app.text import _


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an entry.

    Attributes:
        question: Name of the question, to go back to it.
        words: The answer; ``is_open`` says that there is none.
    """

    question: str
    label: str
    words: str
    is_open: bool = False


def labels() -> dict[str, str]:
    """Return the short name of every question."""
    return {
        "temperature": _("Temperature"),
        "site": _("Where measured"),
        "medicine": _("Fever medicine in the last 6 hours"),
        "itch": _("Worst itch"),
        "itch_extent": _("Where it itches"),
        "itch_pattern": _("How it itches"),
        "sleep": _("Sleep lost to itch"),
        "rash": _("Rash"),
        "regions": _("Where the rash is"),
        "handprints": _("Size in handprints"),
        "morphology": _("What it looks like"),
        "photos": _("Photos"),
        "danger": _("Other signs"),
        "eyelids": _("Eyelids"),
        "mouth": _("Sores in the mouth"),
        "eating": _("Hard to eat or drink"),
        "stools": _("Stools more than usual"),
        "nausea": _("Feeling sick"),
        "fatigue": _("Tiredness"),
        "limbs": _("Swollen legs or arms"),
        "weight": _("Weight gained in 3 days"),
        "adl": _("Limits the day"),
        "adl_due_to": _("Because of"),
        "imatinib": _("Imatinib taken"),
        "prednisolone": _("Prednisolone taken"),
        "contact": _("Needs someone today"),
    }


def lines(draft: EntryDraft, planned: PlannedDay, *, photos: int = 0) -> tuple[Line, ...]:
    """Return the lines of every question that applies, in order."""
    names = labels()
    found = []
    for question in applicable(draft.kind, draft.answers, planned):
        words = answer_words(draft, question)
        if question == "photos" and photos:
            words = f"{photos}"
        is_open = not words and not draft.is_answered(question)
        found.append(Line(question, names[question], words or _passed(draft, question), is_open))
    return tuple(found)


def told_lines(answers: Mapping[str, Any], planned: PlannedDay, kind: str) -> tuple[Line, ...]:
    """Return the lines of a saved entry that hold an answer."""
    draft = EntryDraft(kind=kind, answers=answers)
    every = (line for line in lines(draft, planned) if line.question != "photos")
    return tuple(line for line in every if answer_words(draft, line.question))


def facts(answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Return an entry in a few words: temperature, itch, rash and dose, as far as known."""
    draft = EntryDraft(answers=answers)
    short = []
    if words := answer_words(draft, "temperature"):
        short.append(words)
    if words := answer_words(draft, "itch"):
        short.append(_("itch {itch}").format(itch=words))
    if answers.get("rash_present") is not None:
        extent = extent_percent(answers.get("map_percent"), answers.get("handprints"))
        if not answers["rash_present"]:
            short.append(_("no rash"))
        elif answers.get("generalized"):
            short.append(_("rash nearly everywhere"))
        elif extent is None:
            short.append(_("rash"))
        else:
            short.append(_("rash {extent}").format(extent=wording.percent(extent)))
    if words := answer_words(draft, "imatinib"):
        short.append(_("imatinib {dose}").format(dose=words))
    return tuple(short)


def answer_words(draft: EntryDraft, question: str) -> str:
    """Return the answer to a question in words; empty when it has none."""
    words = _ANSWERS[question](draft.answers)
    return words or ""


def _passed(draft: EntryDraft, question: str) -> str:
    return {
        "not_measured": _("Not measured"),
        "not_known": _("Not known"),
        "not_yet": _("Not taken yet"),
        "logged": _("As in the dose log: vomited after it"),
        "done": _("None added"),
    }.get(draft.settled.get(question, ""), _("Not answered"))


def _temperature(answers: Mapping[str, Any]) -> str | None:
    typed = answers.get("temperature_text") or (
        wording.amount(answers["temperature_value"])
        if answers.get("temperature_value") is not None
        else None
    )
    return None if typed is None else f"{typed} °{answers.get('temperature_unit', 'C')}"


def _medicine(answers: Mapping[str, Any]) -> str | None:
    return _yes_no(answers.get("antipyretic_within_6h"))


def _itch(answers: Mapping[str, Any]) -> str | None:
    nrs = answers.get("itch_nrs")
    return None if nrs is None else _("{number} of 10").format(number=nrs)


def _regions(answers: Mapping[str, Any]) -> str | None:
    if answers.get("generalized"):
        return _("Nearly everywhere")
    regions: Mapping[str, str] | None = answers.get("regions")
    if not regions:
        return None
    marks = ", ".join(f"{region_label(k)}: {amount_label(v).lower()}" for k, v in regions.items())
    drawn = answers.get("map_percent")
    return marks if drawn is None else f"{marks} ({wording.percent(drawn)})"


def _handprints(answers: Mapping[str, Any]) -> str | None:
    count = answers.get("handprints")
    return None if count is None else wording.handprint_count(count)


def _morphology(answers: Mapping[str, Any]) -> str | None:
    return _listed(answers.get("morphology"), wording.looks())


def _danger(answers: Mapping[str, Any]) -> str | None:
    flags = answers.get("red_flags")
    if flags is None:
        return None
    ticked = [*flags, *(["chills_mild"] if answers.get("chills") == "mild" else [])]
    ticked += answers.get("also") or []
    return _listed(ticked, {**wording.dangers(), **wording.also()}) or _("None of these")


def _graded(
    column: str, words: Callable[[], Mapping[str, tuple[str, str]]]
) -> Callable[[Mapping[str, Any]], str | None]:
    def told(answers: Mapping[str, Any]) -> str | None:
        found = words().get(answers.get(column, ""))
        return None if found is None else found[0]

    return told


def _stools(answers: Mapping[str, Any]) -> str | None:
    more = answers.get("stools_over_baseline")
    if more is None:
        return None
    return _("{count} a day").format(count=more) if more else _("No more than usual")


def _weight(answers: Mapping[str, Any]) -> str | None:
    gained = answers.get("weight_gain_3d_kg")
    return None if gained is None else _("{amount} kg").format(amount=wording.amount(gained))


def _adl(answers: Mapping[str, Any]) -> str | None:
    limit = wording.limits().get(answers.get("adl", ""))
    return None if limit is None else limit[0]


def _due_to(answers: Mapping[str, Any]) -> str | None:
    return _listed(answers.get("adl_due_to"), {"skin": _("the skin"), "itch": _("the itch")})


def _dose(column: str) -> Callable[[Mapping[str, Any]], str | None]:
    def words(answers: Mapping[str, Any]) -> str | None:
        taken = answers.get(column)
        if taken is None:
            return None
        return _("none") if taken == 0 else wording.milligrams(taken)

    return words


def _contact(answers: Mapping[str, Any]) -> str | None:
    return _yes_no(answers.get("wants_contact"))


def _yes_no(answer: bool | None) -> str | None:
    return None if answer is None else _("Yes") if answer else _("No")


def _listed(words: list[str] | None, known: Mapping[str, str]) -> str | None:
    return ", ".join(known.get(word, word) for word in words) if words else None


_ANSWERS: Mapping[str, Callable[[Mapping[str, Any]], str | None]] = {
    "temperature": _temperature,
    "site": lambda answers: wording.sites().get(answers.get("temperature_site", "")),
    "medicine": _medicine,
    "itch": _itch,
    "itch_extent": lambda answers: wording.itch_extents().get(answers.get("itch_extent", "")),
    "itch_pattern": lambda answers: wording.itch_patterns().get(answers.get("itch_pattern", "")),
    "sleep": lambda answers: wording.sleep_losses().get(answers.get("sleep_loss", "")),
    "rash": lambda answers: _yes_no(answers.get("rash_present")),
    "regions": _regions,
    "handprints": _handprints,
    "morphology": _morphology,
    "photos": lambda _answers: None,
    "danger": _danger,
    "eyelids": _graded("periorbital", wording.eyelids),
    "mouth": _graded("mouth", wording.mouth_sores),
    "eating": lambda answers: _yes_no(answers.get("mouth_intake_affected")),
    "stools": _stools,
    "nausea": _graded("nausea", wording.nausea),
    "fatigue": _graded("fatigue", wording.tiredness),
    "limbs": _graded("limb_swelling", wording.limb_swellings),
    "weight": _weight,
    "adl": _adl,
    "adl_due_to": _due_to,
    "imatinib": _dose("imatinib_mg_taken"),
    "prednisolone": _dose("prednisolone_mg_taken"),
    "contact": _contact,
}
