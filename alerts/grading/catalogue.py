"""Every reason code with its words, for screens, documents and translators."""

from __future__ import annotations

from collections.abc import Mapping

from alerts.grading import (
    doses,
    labs,
    level,
    neutropenic_fever,
    pruritus,
    rash,
    rash_alert,
    recurrence,
    red_flags,
    silence,
    symptoms,
    temperature,
)
from alerts.grading.reasons import Wording

CATALOGUE: Mapping[str, Wording] = {
    wording.code: wording
    for module in (
        red_flags,
        rash,
        temperature,
        rash_alert,
        pruritus,
        symptoms,
        recurrence,
        labs,
        neutropenic_fever,
        doses,
        silence,
        level,
    )
    for wording in module.WORDINGS
}
