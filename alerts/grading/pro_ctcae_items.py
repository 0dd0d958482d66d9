"""The terms of the PRO-CTCAE library and what each of them asks: data, owned by the NCI.

The wording of the questions is in `pro_ctcae_wording`, unchanged and in English; other languages
have to be taken from the NCI. Scores describe how a treatment is borne; they never raise an alert.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NOTICE = (
    "The U.S. National Cancer Institute holds all rights and title to PRO-CTCAE®, all "
    "translations and related documents. Use of PRO-CTCAE® is subject to its terms of use. "
    "It is not intended for diagnostic, prognostic or therapeutic purposes."
)
"""Shown wherever an item or a score is shown (NCI, PRO-CTCAE, terms of use)."""

RECALL = "In the last 7 days"
"""How every question begins; the NCI recommends no other period."""

RECALL_DAYS = 7

FREQUENCY = "frequency"
SEVERITY = "severity"
INTERFERENCE = "interference"
AMOUNT = "amount"
PRESENCE = "presence"

ANSWERS: Mapping[str, tuple[str, ...]] = {
    FREQUENCY: ("Never", "Rarely", "Occasionally", "Frequently", "Almost constantly"),
    SEVERITY: ("None", "Mild", "Moderate", "Severe", "Very severe"),
    INTERFERENCE: ("Not at all", "A little bit", "Somewhat", "Quite a bit", "Very much"),
    AMOUNT: ("Not at all", "A little bit", "Somewhat", "Quite a bit", "Very much"),
    PRESENCE: ("No", "Yes"),
}
"""Answers by attribute; the place in the tuple is the score, from 0."""


@dataclass(frozen=True, slots=True)
class Item:
    """One symptom of the library.

    Attributes:
        number: 1 to 80, as in the names of the columns.
        term: The symptom, in English.
        attributes: What is asked about it, in the order of the letters A, B and C.
    """

    number: int
    term: str
    attributes: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of its columns in a table, as ``PROCTCAE_9A_SCL``."""
        kind = "IND" if self.attributes == (PRESENCE,) else "SCL"
        return tuple(
            f"PROCTCAE_{self.number}{letter}_{kind}"
            for letter, _ in zip("ABC", self.attributes, strict=False)
        )


_LIBRARY: tuple[tuple[int, str, tuple[str, ...]], ...] = (
    (1, "Dry mouth", (SEVERITY,)),
    (2, "Difficulty swallowing", (SEVERITY,)),
    (3, "Mouth or throat sores", (SEVERITY, INTERFERENCE)),
    (4, "Skin cracking at corners of mouth", (SEVERITY,)),
    (5, "Voice changes", (PRESENCE,)),
    (6, "Hoarse voice", (SEVERITY,)),
    (7, "Problems tasting", (SEVERITY,)),
    (8, "Decreased appetite", (SEVERITY, INTERFERENCE)),
    (9, "Nausea", (FREQUENCY, SEVERITY)),
    (10, "Vomiting", (FREQUENCY, SEVERITY)),
    (11, "Heartburn", (FREQUENCY, SEVERITY)),
    (12, "Increased flatulence", (PRESENCE,)),
    (13, "Bloating of abdomen", (FREQUENCY, SEVERITY)),
    (14, "Hiccups", (FREQUENCY, SEVERITY)),
    (15, "Constipation", (SEVERITY,)),
    (16, "Loose or watery stools (diarrhea)", (FREQUENCY,)),
    (17, "Pain in abdomen", (FREQUENCY, SEVERITY, INTERFERENCE)),
    (18, "Loss of bowel control", (FREQUENCY, INTERFERENCE)),
    (19, "Shortness of breath", (SEVERITY, INTERFERENCE)),
    (20, "Cough", (SEVERITY, INTERFERENCE)),
    (21, "Wheezing", (SEVERITY,)),
    (22, "Arm or leg swelling", (FREQUENCY, SEVERITY, INTERFERENCE)),
    (23, "Pounding/racing heartbeat", (FREQUENCY, SEVERITY)),
    (24, "Rash", (PRESENCE,)),
    (25, "Dry skin", (SEVERITY,)),
    (26, "Acne or pimples on face or chest", (SEVERITY,)),
    (27, "Hair loss", (AMOUNT,)),
    (28, "Itchy skin", (SEVERITY,)),
    (29, "Hives (itchy red bumps)", (PRESENCE,)),
    (30, "Hand-foot syndrome (rash with cracking, peeling, redness or pain)", (SEVERITY,)),
    (31, "Nail loss", (PRESENCE,)),
    (32, "Nail ridges/bumps", (PRESENCE,)),
    (33, "Nail color change", (PRESENCE,)),
    (34, "Increased skin sensitivity to sunlight", (PRESENCE,)),
    (35, "Bed sores", (PRESENCE,)),
    (36, "Radiation burns", (SEVERITY,)),
    (37, "Unusual darkening of skin", (PRESENCE,)),
    (38, "Stretch marks", (PRESENCE,)),
    (39, "Numbness/tingling in hands/feet", (SEVERITY, INTERFERENCE)),
    (40, "Dizziness", (SEVERITY, INTERFERENCE)),
    (41, "Blurry vision", (SEVERITY, INTERFERENCE)),
    (42, "Flashing lights in eyes", (PRESENCE,)),
    (43, "Eye floaters", (PRESENCE,)),
    (44, "Watery eyes", (SEVERITY, INTERFERENCE)),
    (45, "Ringing in ears", (SEVERITY,)),
    (46, "Problems with concentration", (SEVERITY, INTERFERENCE)),
    (47, "Memory problems", (SEVERITY, INTERFERENCE)),
    (48, "Pain", (FREQUENCY, SEVERITY, INTERFERENCE)),
    (49, "Headache", (FREQUENCY, SEVERITY, INTERFERENCE)),
    (50, "Aching muscles", (FREQUENCY, SEVERITY, INTERFERENCE)),
    (51, "Aching joints", (FREQUENCY, SEVERITY, INTERFERENCE)),
    (52, "Insomnia", (SEVERITY, INTERFERENCE)),
    (53, "Fatigue", (SEVERITY, INTERFERENCE)),
    (54, "Anxiety", (FREQUENCY, SEVERITY, INTERFERENCE)),
    (55, "Nothing could cheer you up", (FREQUENCY, SEVERITY, INTERFERENCE)),
    (56, "Sad/unhappy feelings", (FREQUENCY, SEVERITY, INTERFERENCE)),
    (57, "Irregular periods", (PRESENCE,)),
    (58, "Missed periods", (PRESENCE,)),
    (59, "Unusual vaginal discharge", (INTERFERENCE,)),
    (60, "Vaginal dryness", (SEVERITY,)),
    (61, "Pain/burning with urination", (SEVERITY,)),
    (62, "Urinary urgency", (FREQUENCY, INTERFERENCE)),
    (63, "Frequent urination", (FREQUENCY, INTERFERENCE)),
    (64, "Urine color change", (PRESENCE,)),
    (65, "Loss of urine control", (FREQUENCY, INTERFERENCE)),
    (66, "Erection difficulty", (SEVERITY,)),
    (67, "Ejaculation problems", (FREQUENCY,)),
    (68, "Decreased sexual interest", (SEVERITY,)),
    (69, "Delayed orgasm", (PRESENCE,)),
    (70, "Unable to orgasm", (PRESENCE,)),
    (71, "Pain during vaginal sex", (SEVERITY,)),
    (72, "Breast enlargement/tenderness", (SEVERITY,)),
    (73, "Bruise easily", (PRESENCE,)),
    (74, "Shivering or shaking chills", (FREQUENCY, SEVERITY)),
    (75, "Excessive sweating", (FREQUENCY, SEVERITY)),
    (76, "Sweating decrease", (PRESENCE,)),
    (77, "Hot flashes", (FREQUENCY, SEVERITY)),
    (78, "Nosebleeds", (FREQUENCY, SEVERITY)),
    (79, "Injection site reaction", (PRESENCE,)),
    (80, "Body odor", (SEVERITY,)),
)
ITEMS: Mapping[int, Item] = {
    number: Item(number, term, attributes) for number, term, attributes in _LIBRARY
}
"""Version 1.0 of the library, by number (NCI, PRO-CTCAE item library; crosswalk of ProAE 1.0.4)."""

WEEKLY = (
    *(24, 28, 29, 25, 26, 30, 34, 37, 73, 3, 4, 8, 9, 10, 16, 17, 19, 22, 41, 42, 44, 46, 49, 50),
    *(52, 53, 64, 74, 75),
)
"""Items that matter on imatinib; a design choice. They are asked in the order of the library."""
