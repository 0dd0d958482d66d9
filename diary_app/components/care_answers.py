"""An entry's answers in plain words, and what was not asked. Not asked is never "none"."""

from collections.abc import Callable, Mapping

from diary_app.components.care_words import mg, number
from diary_app.text import _

Answers = Mapping[str, object]

_WORDS: Mapping[str, Callable[[], str]] = {
    "none": lambda: _("none"),
    "mild": lambda: _("mild"),
    "moderate": lambda: _("moderate"),
    "severe": lambda: _("severe"),
    "some": lambda: _("some"),
    "major": lambda: _("a lot"),
    "localized": lambda: _("in some places"),
    "widespread": lambda: _("all over"),
    "intermittent": lambda: _("comes and goes"),
    "constant": lambda: _("constant"),
    "instrumental": lambda: _("shopping, housework or phone are hard"),
    "self_care": lambda: _("washing, dressing or eating are hard"),
    "rigors": lambda: _("shaking chills"),
    "soft": lambda: _("soft swelling"),
    "firm_or_pitting": lambda: _("firm swelling"),
    "cannot_open_or_vision": lambda: _("cannot open the eye, or sight is affected"),
    "reduced_intake": lambda: _("eats less"),
    "inadequate_intake": lambda: _("cannot eat or drink enough"),
    "relieved_by_rest": lambda: _("better after rest"),
    "not_relieved": lambda: _("not better after rest"),
    "oral": lambda: _("in the mouth"),
    "axillary": lambda: _("under the arm"),
    "tympanic": lambda: _("in the ear"),
    "forehead": lambda: _("on the forehead"),
    "rectal": lambda: _("rectal"),
    "unknown": lambda: _("place not known"),
    "macules_papules": lambda: _("flat spots or small bumps"),
    "acneiform_pustules": lambda: _("pimples like acne"),
    "hives": lambda: _("hives"),
    "target_lesions": lambda: _("rings like a target"),
    "blisters": lambda: _("blisters"),
    "scaling_dry": lambda: _("dry scaling"),
    "peeling_raw": lambda: _("skin peeling off, raw below"),
    "purple_nonblanching": lambda: _("purple spots that do not fade"),
    "pustules_widespread": lambda: _("many small pus spots"),
    "diffuse_redness": lambda: _("redness all over"),
    "crusted_infected": lambda: _("crusts or signs of infection"),
    "hyperpigmentation": lambda: _("dark marks"),
    "dry_skin": lambda: _("dry skin"),
    "scratch_marks": lambda: _("scratch marks"),
    "skin_peeling_raw": lambda: _("skin peeling off, raw below"),
    "mouth_sores": lambda: _("sores in the mouth or on the lips"),
    "eye_sores": lambda: _("red, painful, sticky eyes"),
    "genital_sores": lambda: _("sores in the genital area"),
    "skin_pain": lambda: _("skin sore or burning"),
    "purple_skin": lambda: _("dark purple skin"),
    "face_swelling": lambda: _("swelling of the face"),
    "lip_tongue_swelling": lambda: _("swelling of lips or tongue"),
    "breathing_difficulty": lambda: _("trouble breathing"),
    "swollen_glands": lambda: _("lumps in neck, armpit or groin"),
    "visual_disturbance": lambda: _("sight changed or eye pain"),
    "confusion": lambda: _("confusion"),
    "reduced_urine": lambda: _("hardly any urine"),
    "jaundice_or_dark_urine": lambda: _("yellow eyes or dark urine"),
    "chest_pain": lambda: _("chest pain"),
    "fainting": lambda: _("fainting"),
    "bleeding": lambda: _("bleeding"),
    "severe_abdominal_pain": lambda: _("severe belly pain"),
    "feels_unwell": lambda: _("feels very unwell"),
}


def said(answers: Answers) -> list[tuple[str, str]]:
    """Return (question, answer) for everything that was answered, red flags first."""
    found = [(label(), read(answers)) for label, read in _QUESTIONS]
    return [(label, answer) for label, answer in found if answer is not None]


def not_asked(answers: Answers) -> list[str]:
    """Return the questions that were not asked or not answered."""
    return [label() for label, read in _QUESTIONS if read(answers) is None]


def temperature_words(answers: Answers, celsius: object = None) -> str | None:
    """Return the temperature as typed with its unit and place; None when none was given.

    Args:
        answers: Of the entry.
        celsius: The reading as accepted, in degrees Celsius; added when the unit is F.
    """
    typed = answers.get("temperature_text")
    value = answers.get("temperature_value")
    if typed is None and value is None:
        return None
    unit = answers.get("temperature_unit")
    shown = str(typed) if typed is not None else _number(value)
    words = _("{typed} {unit}, {place}").format(
        typed=shown,
        unit=_("°{unit}").format(unit=unit) if unit else _("(unit not given)"),
        place=_plain(answers.get("temperature_site") or "unknown"),
    )
    if value is None:
        return _("{words}; could not be read as a temperature").format(words=words)
    if unit == "F" and isinstance(celsius, int | float):
        return _("{words} = {celsius} °C").format(words=words, celsius=f"{celsius:.1f}")
    return words


def contact_words(answers: Answers) -> str:
    """Return the patient's answer to "needs someone today?"."""
    wants = answers.get("wants_contact")
    if wants is None:
        return _("Not asked")
    return _("Yes, needs someone today") if wants else _("No")


def _plain(value: object) -> str:
    text = str(value)
    return _WORDS[text]() if text in _WORDS else text.replace("_", " ")


def _number(value: object) -> str:
    return number(float(value)) if isinstance(value, int | float) else str(value)


def _of(name: str) -> Callable[[Answers], str | None]:
    """Return a reader of a word, a yes or no, or a list of words."""

    def read(answers: Answers) -> str | None:
        value = answers.get(name)
        if value is None:
            return None
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list | tuple):
            return ", ".join(_plain(each) for each in value) or _("none of these")
        return _plain(value)

    return read


def _out_of_ten(name: str) -> Callable[[Answers], str | None]:
    def read(answers: Answers) -> str | None:
        value = answers.get(name)
        return None if value is None else _("{n} of 10").format(n=value)

    return read


def _measured(name: str, template: Callable[[], str]) -> Callable[[Answers], str | None]:
    def read(answers: Answers) -> str | None:
        value = answers.get(name)
        return None if value is None else template().format(n=_number(value))

    return read


def _dose(name: str) -> Callable[[Answers], str | None]:
    def read(answers: Answers) -> str | None:
        value = answers.get(name)
        if not isinstance(value, int | float):
            return None
        return _("none") if value == 0 else mg(value)

    return read


def _regions(answers: Answers) -> str | None:
    regions = answers.get("regions")
    if not isinstance(regions, Mapping):
        return None
    parts = [f"{_plain(region)} ({_plain(amount)})" for region, amount in regions.items()]
    return ", ".join(parts) or _("none marked")


def _daily_life(answers: Answers) -> str | None:
    return _("not limited") if answers.get("adl") == "none" else _of("adl")(answers)


def _percent() -> str:
    return _("{n} % of the body")


_QUESTIONS: tuple[tuple[Callable[[], str], Callable[[Answers], str | None]], ...] = (
    (lambda: _("Warning signs"), _of("red_flags")),
    (lambda: _("Temperature"), temperature_words),
    (lambda: _("Fever medicine in the 6 hours before"), _of("antipyretic_within_6h")),
    (lambda: _("Chills"), _of("chills")),
    (lambda: _("Rash"), _of("rash_present")),
    (lambda: _("Looks like"), _of("morphology")),
    (lambda: _("Where"), _regions),
    (lambda: _("Extent from the body map"), _measured("map_percent", _percent)),
    (lambda: _("Extent in handprints"), _measured("handprints", lambda: _("{n} handprints"))),
    (lambda: _("Extent as given"), _measured("bsa_percent", _percent)),
    (lambda: _("Peeling"), _measured("peeling_bsa_percent", _percent)),
    (lambda: _("All over the body"), _of("generalized")),
    (lambda: _("Skin pain"), _out_of_ten("skin_pain_nrs")),
    (lambda: _("Worst itch"), _out_of_ten("itch_nrs")),
    (lambda: _("Itch where"), _of("itch_extent")),
    (lambda: _("Itch how"), _of("itch_pattern")),
    (lambda: _("Sleep lost to itch"), _of("sleep_loss")),
    (lambda: _("Daily life"), _daily_life),
    (lambda: _("Daily life limited by"), _of("adl_due_to")),
    (lambda: _("Mouth"), _of("mouth")),
    (lambda: _("Eating affected by the mouth"), _of("mouth_intake_affected")),
    (lambda: _("Eyelids"), _of("periorbital")),
    (lambda: _("Blurred vision"), _of("blurred_vision")),
    (
        lambda: _("Stools"),
        _measured("stools_over_baseline", lambda: _("{n} a day more than usual")),
    ),
    (lambda: _("Nausea"), _of("nausea")),
    (lambda: _("Tiredness"), _of("fatigue")),
    (lambda: _("Swelling of arms or legs"), _of("limb_swelling")),
    (lambda: _("Weight change in 3 days"), _measured("weight_gain_3d_kg", lambda: _("{n} kg"))),
    (lambda: _("Imatinib taken"), _dose("imatinib_mg_taken")),
    (lambda: _("Prednisolone taken"), _dose("prednisolone_mg_taken")),
)
