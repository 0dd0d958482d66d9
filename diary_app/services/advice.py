"""What a patient is told after an entry. Never that all is well."""

from collections.abc import Iterable, Sequence

from diary_app.state.advice import Advice, Call
from diary_app.state.diary import ClinicCard
from diary_app.state.questions import EMERGENCY
from diary_app.text import _

# The rules for which the public emergency number comes before the clinic's.
_EMERGENCY_CODES = frozenset({"R1_AIRWAY_EMERGENCY", "R1_CHEST_PAIN_SYNCOPE", "R1_CONFUSION"})
# Ticked signs that ask for a call even when the rules could not be run.
_NOT_PRESSING = frozenset({"feels_unwell", "swollen_glands", "mouth_sores"})


def advise(
    clinic: ClinicCard,
    level: str | None,
    reasons: Sequence[tuple[str, str]],
    red_flags: Iterable[str],
    *,
    shaking: bool = False,
) -> Advice:
    """Return the advice on one entry.

    Args:
        clinic: Whom to call.
        level: none, digest, prompt or urgent; None = the entry could not be graded.
        reasons: (code, sentence for the patient) of the rules that fired, as
            `reason_words.patient_words` returns them.
        red_flags: Danger signs ticked; they count even when nothing could be graded.
        shaking: Chills that could not be stopped.
    """
    flags = frozenset(red_flags)
    codes = {code for code, _sentence in reasons}
    why = tuple(dict.fromkeys(sentence for _code, sentence in reasons if sentence))
    if flags & EMERGENCY or codes & _EMERGENCY_CODES:
        return _emergency(clinic, why)
    if level == "urgent" or (level is None and (shaking or flags - _NOT_PRESSING)):
        return _urgent(clinic, why)
    if level is None:
        return _unchecked(clinic)
    if level == "prompt":
        return _prompt(clinic, why)
    return _noted(clinic, level, why if level == "digest" else ())


def emergency_call(clinic: ClinicCard) -> Call:
    """Return the button for the public emergency number."""
    number = clinic.emergency_number
    return Call(_("Call {number} (emergency)").format(number=number), number, is_emergency=True)


def clinic_call(clinic: ClinicCard) -> Call:
    """Return the button for the clinic's helpline."""
    return Call(_("Call the clinic {number}").format(number=clinic.phone), clinic.phone)


def _emergency(clinic: ClinicCard, why: tuple[str, ...]) -> Advice:
    return Advice(
        kind="emergency",
        level="urgent",
        title=_("Call {number} now").format(number=clinic.emergency_number),
        sentences=(
            _("What you wrote can be an emergency. Do not wait for the clinic to call you."),
            _("Say that you take imatinib and what you wrote here."),
        ),
        calls=(emergency_call(clinic), clinic_call(clinic)),
        why=why,
    )


def _urgent(clinic: ClinicCard, why: tuple[str, ...]) -> Advice:
    return Advice(
        kind="urgent",
        level="urgent",
        title=_("Call the clinic now, day or night"),
        sentences=(
            _("What you wrote needs a nurse or doctor now. Do not wait for them to call you."),
            _(
                "If you have trouble breathing, swelling of lips or tongue, confusion or chest"
                " pain, or you cannot reach the clinic, call {number}."
            ).format(number=clinic.emergency_number),
            _("Do not stop or change your medicine unless your team tells you."),
        ),
        calls=(clinic_call(clinic), emergency_call(clinic)),
        why=why,
    )


def _prompt(clinic: ClinicCard, why: tuple[str, ...]) -> Advice:
    return Advice(
        kind="prompt",
        level="prompt",
        title=_("The nurse will contact you today"),
        sentences=(
            _("Keep your phone near you."),
            _(
                "Call the clinic yourself if you get worse, have a fever of 38.0 °C (100.4 °F) or"
                " more, or have heard nothing by this evening."
            ),
            _("Do not stop or change your medicine unless your team tells you."),
        ),
        calls=(clinic_call(clinic),),
        why=why,
    )


def _noted(clinic: ClinicCard, level: str, why: tuple[str, ...]) -> Advice:
    return Advice(
        kind="noted",
        level=level,
        title=_("Noted"),
        sentences=(
            _("Your care team can see this entry."),
            _("If you feel worse or are worried, call the clinic. You do not have to wait."),
        ),
        calls=(clinic_call(clinic),),
        why=why,
    )


def _unchecked(clinic: ClinicCard) -> Advice:
    return Advice(
        kind="unchecked",
        level=None,
        title=_("Your entry is safe, but not yet checked"),
        sentences=(
            _("It could not be checked automatically. The clinic has been told."),
            _("If you feel unwell, have a fever or a new rash, call the clinic now."),
        ),
        calls=(clinic_call(clinic),),
    )
