"""The words of every answer, the same in the question, the review and the history."""

from diary_app.text import _


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


def amount(value: float) -> str:
    """Return a number without needless zeros.

    Example:
        >>> amount(200.0)
        '200'
        >>> amount(7.5)
        '7.5'
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


def milligrams(value: float) -> str:
    """Return a dose in words, such as "200 mg"."""
    return _("{amount} mg").format(amount=amount(value))


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
