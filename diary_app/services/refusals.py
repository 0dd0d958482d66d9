"""What a service refuses, told to the person in one sentence.

RefusedError
├── StepUpError          a second factor must be given (again) first
├── TooManyTriesError    the limit of failed tries is reached for now
└── LinkError            an invitation or alert link cannot be used (any more)
"""

from typing import Literal


class RefusedError(Exception):
    """The act was not done; the sentence says what is wrong and what to do.

    Attributes:
        sentence: Ready for the reader, in the reader's language; no patient data.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class TooManyTriesError(RefusedError):
    """Too many wrong tries; the sentence says when to try again."""


class StepUpError(RefusedError):
    """The person must show again that it is them, with a second factor, and may then try again."""


class LinkError(RefusedError):
    """A link that leads nowhere.

    Attributes:
        why: ``unknown``, ``used``, ``expired`` or ``stopped`` (too many wrong answers).
    """

    def __init__(
        self, why: Literal["unknown", "used", "expired", "stopped"], sentence: str
    ) -> None:
        super().__init__(sentence)
        self.why = why
