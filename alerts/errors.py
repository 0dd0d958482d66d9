"""What can go wrong between an answer and the person who must know.

AlertsError
 ├─ ImpossibleValueError   an answer no diary can hold: out of range, unknown word
 ├─ VignetteError          a vignette file that cannot be graded, with the place named
 ├─ DeliveryError          a message did not leave; says whether trying again can help
 └─ StaleActionError       somebody else was first: the alert is no longer what was shown
"""

from datetime import timedelta


class AlertsError(Exception):
    """Base of everything this package raises on purpose."""


class ImpossibleValueError(AlertsError, ValueError):
    """Say which field holds a value no diary can hold.

    Attributes:
        field: Name of the field, as in the entry schema.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class VignetteError(AlertsError, ValueError):
    """Say in one sentence why a vignette cannot be graded, and where."""


class DeliveryError(AlertsError):
    """Say why a message did not leave.

    Attributes:
        permanent: True when trying again cannot help, as for an address that does not exist.
        retry_after: How long the other side asks to be left alone; None when it does not say.
    """

    def __init__(
        self, message: str, permanent: bool = False, retry_after: timedelta | None = None
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after


class StaleActionError(AlertsError):
    """Say that a colleague acted first, so the alert on the screen is out of date."""
