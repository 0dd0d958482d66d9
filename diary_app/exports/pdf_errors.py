"""What the making of a report can end in, apart from the typesetter, which loads slowly."""


class ReportError(Exception):
    """The report could not be typeset; the message names no patient data."""
