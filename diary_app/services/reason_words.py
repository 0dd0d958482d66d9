"""A stored reason in the reader's language; the English sentence that was stored is the record."""

from collections.abc import Mapping
from string import Formatter
from typing import Any

from alerts.grading.catalogue import CATALOGUE
from alerts.grading.counterfactual import Counterfactuals
from alerts.grading.reasons import EMERGENCY, PHONE, Wording, shown
from alerts.grading.terms import Level
from diary_app.text import language, said
from diary_app.text.languages import ENGLISH
from diary_app.text.numbers import any_of, decimals
from diary_app.text.phrases import UnknownPhraseError, phrase


def patient_words(stored: Mapping[str, Any]) -> str:
    """Return what a patient reads of a stored reason, without the call its card asks for.

    It is translated only where today's rules would say the very sentence that was stored; else
    the stored English is shown.

    Args:
        stored: With code, level, patient_sentence and values, as in an assessment.
    """
    kept = str(stored["patient_sentence"])
    alone = kept.removesuffix(f" {PHONE}").removesuffix(f" {EMERGENCY}")
    wording = CATALOGUE.get(stored["code"])
    if language() == ENGLISH or wording is None:
        return alone
    try:
        level = Level.from_word(stored["level"])
        if wording.for_patient(level, stored["values"]) != kept:
            return alone
        told = _translated(wording, stored["values"])
    except (LookupError, TypeError, ValueError):
        return alone
    if level is Level.URGENT and wording.advice not in (PHONE, EMERGENCY):
        return f"{told} {said(wording.advice)}"
    return told


def _translated(wording: Wording, values: Mapping[str, Any]) -> str:
    names = [name for _text, name, _spec, _kind in Formatter().parse(wording.patient_sentence)]
    filled = {}
    for name in names:
        if name is not None:
            value = values[name]
            english = shown(name, value)
            filled[name] = phrase(english) if isinstance(value, str) else decimals(english)
    return said(wording.patient_sentence).format(**filled)


def call_if_words(nearest: Counterfactuals) -> str:
    """Return when the patient must call from here on; empty when it cannot be told."""
    if language() == ENGLISH or not nearest.call_if:
        return nearest.advice
    try:
        conditions = [phrase(words) for words in nearest.call_if]
    except UnknownPhraseError:
        return nearest.advice
    return said("Call at once if {conditions}.").format(conditions=any_of(conditions))
