"""What can go wrong between a screen and the diary, each with a sentence for the patient."""


class DiaryError(Exception):
    """Base of what the diary refuses; its text may be shown."""


class AnswerRefusedError(DiaryError):
    """An answer is not possible; the sentence says which."""


class ChangedElsewhereError(DiaryError):
    """Another window changed or replaced this draft meanwhile."""


class AlreadySentError(DiaryError):
    """Another window saved this very entry.

    Attributes:
        clock: When it was saved, "21:04" on the patient's clock.
    """

    def __init__(self, sentence: str, clock: str) -> None:
        super().__init__(sentence)
        self.clock = clock


class NotInDiaryError(DiaryError):
    """There is no such entry in this patient's diary."""
