"""What the care team's services refuse, in sentences that may be shown to the person who asked."""

from alerts.errors import AlertsError
from db.errors import StorageError
from diary_app.services.refusals import RefusedError


class UnusableAnswerError(RefusedError, ValueError):
    """A field of a form cannot be used as it is.

    Attributes:
        field: Name of the field, as the form's dataclass has it.
    """

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.field = field


REFUSALS = (RefusedError, StorageError, AlertsError)
