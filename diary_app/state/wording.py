"""The words of every answer, the same in the question, the review and the history."""

from diary_app.state.answers import LARGEST_DOSE_MG
from diary_app.text import _
from diary_app.text.numbers import decimals


def sites() -> dict[str, str]:
    """Return where a temperature can be taken; rectal is never offered (clinical.md 4.2)."""
    return {
        "oral": _("In the mouth"),
        "axillary": _("In the armpit"),
        "tympanic": _("In the ear"),
        "forehead": _("On the forehead"),
        "unknown": _("I don't know"),
    }


def itch_extents() -> dict[str, str]:
    """Return how far an itch reaches."""
    return {"localized": _("In one or a few places"), "widespread": _("Over much of my body")}


def itch_patterns() -> dict[str, str]:
    """Return how an itch comes."""
    return {"intermittent": _("It comes and goes"), "constant": _("It is there all the time")}


def sleep_losses() -> dict[str, str]:
    """Return what an itch cost of the last night."""
    return {
        "none": _("No, I slept as usual"),
        "some": _("A little: I lay awake or woke up"),
        "major": _("A lot: I hardly slept"),
    }


def limits() -> dict[str, tuple[str, str]]:
    """Return how skin or itch limit the day: answer and examples."""
    return {
        "none": (_("No"), _("I do everything as usual")),
        "instrumental": (
            _("Yes, daily chores are harder"),
            _("Housework, cooking, shopping, phone"),
        ),
        "self_care": (
            _("Yes, I need help with myself"),
            _("Washing, dressing, eating"),
        ),
    }


def looks() -> dict[str, str]:
    """Return how a rash can look, the common first."""
    return {
        "macules_papules": _("Red spots, flat or raised"),
        "diffuse_redness": _("Red all over, without edges"),
        "hives": _("Hives: itchy bumps that come and go"),
        "acneiform_pustules": _("Pimples with pus"),
        "dry_skin": _("Dry, rough skin"),
        "scaling_dry": _("Dry flakes or scales"),
        "scratch_marks": _("Scratch marks"),
        "hyperpigmentation": _("Dark marks left behind"),
        "crusted_infected": _("Yellow crusts or weeping"),
        "target_lesions": _("Rings like a target"),
        "pustules_widespread": _("Very many tiny pus spots"),
        "blisters": _("Blisters filled with fluid"),
        "peeling_raw": _("Skin coming off, raw below"),
        "purple_nonblanching": _("Dark purple, does not fade under a glass"),
    }


def dangers() -> dict[str, str]:
    """Return the danger signs in a patient's words (clinical.md 4.1)."""
    return {
        "breathing_difficulty": _("Trouble breathing"),
        "lip_tongue_swelling": _("Swelling of lips, tongue or throat"),
        "chest_pain": _("Chest pain or pressure"),
        "confusion": _("Confused, or very hard to wake"),
        "fainting": _("I fainted or nearly fainted"),
        "rigors": _("Shaking chills I could not stop"),
        "face_swelling": _("Sudden swelling of the whole face"),
        "blisters": _("Blisters filled with fluid"),
        "skin_peeling_raw": _("Skin coming off, raw or wet below"),
        "purple_skin": _("Dark purple skin that does not fade when pressed"),
        "skin_pain": _("Skin that burns or hurts to touch"),
        "mouth_sores": _("Sores in the mouth or on the lips"),
        "eye_sores": _("Red, painful, sticky eyes"),
        "genital_sores": _("Sores in the genital area"),
        "swollen_glands": _("Lumps in neck, armpit or groin"),
        "visual_disturbance": _("Blurred, double or lost sight, or eye pain"),
        "bleeding": _("Bleeding, or black stools"),
        "severe_abdominal_pain": _("Severe belly pain"),
        "jaundice_or_dark_urine": _("Yellow eyes or skin, or tea-colored urine"),
        "reduced_urine": _("Hardly any urine for 12 hours"),
        "chills_mild": _("I felt cold and shivered a little"),
        "feels_unwell": _("I feel clearly unwell"),
        "purple_nonblanching": _("Dark purple skin that does not fade when pressed"),
        "target_lesions": _("Rings like a target"),
        "pustules_widespread": _("Very many tiny pus spots"),
    }


def call_reasons() -> tuple[str, ...]:
    """Return what to call the clinic for at once, day or night (clinical.md 4.1 and 8)."""
    return (
        _("a temperature of 38.0 °C (100.4 °F) or more, or shaking chills"),
        _("blisters, skin coming off, or sores in mouth, eyes or genital area"),
        _("a rash that spreads quickly or covers much of your body"),
        _("sudden swelling of the face, or trouble seeing"),
        _("bleeding, black stools or severe belly pain"),
        _("yellow eyes, dark urine or hardly any urine"),
    )


def also() -> dict[str, str]:
    """Return the other things of the day that can be ticked below the danger signs."""
    return {
        "eyelids": _("Puffy or swollen eyelids"),
        "stools": _("Loose stools, or more often than usual"),
        "nausea": _("Feeling sick"),
        "fatigue": _("More tired than usual"),
        "limbs": _("Swollen legs or arms"),
        "weight": _("My weight went up in the last 3 days"),
    }


def eyelids() -> dict[str, tuple[str, str]]:
    """Return how the eyelids are swollen: answer and examples."""
    return {
        "soft": (_("Soft and puffy"), _("I can open my eyes as usual")),
        "firm_or_pitting": (_("Firm, or a finger leaves a dent"), ""),
        "cannot_open_or_vision": (_("I cannot open my eyes well, or I see worse"), ""),
    }


def mouth_sores() -> dict[str, tuple[str, str]]:
    """Return how bad sores in the mouth are."""
    return {
        "mild": (_("A little sore"), _("I hardly notice it")),
        "moderate": (_("Clearly sore"), _("I choose softer or cooler food")),
        "severe": (_("Very sore"), _("Strong pain")),
    }


def nausea() -> dict[str, tuple[str, str]]:
    """Return what feeling sick does to eating."""
    return {
        "mild": (_("A little, I eat as usual"), ""),
        "reduced_intake": (_("I eat less than usual"), ""),
        "inadequate_intake": (_("I can hardly eat or drink"), ""),
    }


def tiredness() -> dict[str, tuple[str, str]]:
    """Return what tiredness does to the day."""
    return {
        "relieved_by_rest": (_("Rest helps"), ""),
        "not_relieved": (_("Rest does not help"), ""),
        "self_care": (_("I need help with myself"), _("Washing, dressing, eating")),
    }


def limb_swellings() -> dict[str, tuple[str, str]]:
    """Return how far legs or arms are swollen."""
    return {
        "mild": (_("A little"), _("I see it when I look closely")),
        "moderate": (_("Clearly swollen"), _("Anyone would see it; shoes or rings are tight")),
        "severe": (_("Very swollen"), _("It is hard to move, wash or dress")),
    }


def weights() -> dict[float, str]:
    """Return how much heavier somebody is than three days ago, in kilograms."""
    return {
        0.5: _("About half a kilogram (1 lb)"),
        1.0: _("About 1 kg (2 lb)"),
        1.5: _("About 1.5 kg (3 lb)"),
        2.0: _("About 2 kg (4 lb)"),
        3.0: _("About 3 kg (7 lb)"),
        4.0: _("4 kg (9 lb) or more"),
    }


def amount(value: float) -> str:
    """Return a number without needless zeros, with the reader's decimal sign.

    Example:
        >>> amount(200.0)
        '200'
        >>> amount(7.5)
        '7.5'
    """
    return decimals(f"{value:.2f}".rstrip("0").rstrip("."))


def milligrams(value: float) -> str:
    """Return a dose in words, such as "200 mg"."""
    return _("{amount} mg").format(amount=amount(value))


def read_milligrams(typed: str) -> float | None:
    """Return the milligrams typed, 0 to 5000; None when it is no such number."""
    bare = typed.strip().lower().removesuffix("mg").strip().replace(",", ".")
    if not bare.replace(".", "", 1).isdecimal():
        return None
    milligrams = float(bare)
    return milligrams if milligrams <= LARGEST_DOSE_MG else None


def planned_words(imatinib_mg: float | None, *, off_day: bool) -> str:
    """Return today's planned imatinib as a sentence; None = there is no plan."""
    if imatinib_mg is None:
        return _("No plan has been entered for you yet. Take what your team told you.")
    if off_day:
        return _("No imatinib today (every other day)")
    if imatinib_mg == 0:
        return _("No imatinib: it is stopped for now")
    return _("Imatinib {dose} today").format(dose=milligrams(imatinib_mg))


def percent(value: float) -> str:
    """Return an extent in words: whole percents, small ones as less than 1."""
    if 0 < value < 1:
        return _("less than 1 %")
    return _("about {percent} %").format(percent=f"{value:.0f}")


def handprint_count(value: float) -> str:
    """Return an extent in handprints; one is about 1 % of the skin (clinical.md 3.1)."""
    if 0 < value < 1:
        return _("less than 1 handprint")
    if round(value) == 1:
        return _("1 handprint")
    return _("{count} handprints").format(count=f"{value:.0f}")
