"""A day's books: whatever came in was graded, whatever asked for an alert is held by one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DayBook:
    """Counts of one clinic's day; whole numbers, 0 or more.

    Attributes:
        received: Entries that came in.
        graded: Of them, those that the rules graded.
        ungraded: Of them, those that the rules could not grade and a person was asked to read.
        expected: Entries, laboratory values and silences that asked for an alert.
        found: Of them, those that an alert took in.
        raised: Alerts raised.
        closed: Of them, those that a person closed.
        held: Of them, those that a person has.
        waiting: Of them, those open with a next step.
        messages: Messages made, by how they ended or stand.
    """

    received: int
    graded: int
    ungraded: int
    expected: int
    found: int
    raised: int
    closed: int
    held: int
    waiting: int
    messages: dict[str, int]

    def differences(self) -> tuple[str, ...]:
        """Return what does not add up, a sentence each; empty = the books balance."""
        read = self.graded + self.ungraded
        kept = self.closed + self.held + self.waiting
        pairs = (
            (self.received - read, "{n} of {all} entries were neither graded nor given to a "
             "person to read.", self.received),
            (self.expected - self.found, "{n} of {all} entries or results that asked for an alert "
             "are in none.", self.expected),
            (self.raised - kept, "{n} of {all} alerts are neither closed, nor held by anybody, "
             "nor waiting for a next step.", self.raised),
        )  # fmt: skip
        return tuple(words.format(n=n, all=whole) for n, words, whole in pairs if n)

    @property
    def balances(self) -> bool:
        """Return whether everything adds up."""
        return not self.differences()
