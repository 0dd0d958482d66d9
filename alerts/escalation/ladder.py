"""The rungs of a clinic's escalation: steps, ladders, and the policy that holds them."""

from dataclasses import dataclass
from typing import Literal

from alerts.escalation.quiet_hours import QuietHours

Level = Literal["prompt", "urgent"]


@dataclass(frozen=True)
class Step:
    """One rung of a ladder; raises ValueError when it tells nobody or waits a negative time.

    Attributes:
        wait_seconds: How long after entering the step before (for the first step: after the
            alert reached its level) this step is entered. Whole seconds, 0 or more.
        notify: Whom to tell, at least one word: ``role:nurse``, ``role:clinician``,
            ``role:administrator``, ``user:<uuid>``, ``team:<uuid>`` or ``rota:<uuid>`` (whoever
            is on call when the step is due).
    """

    wait_seconds: int
    notify: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.notify or self.wait_seconds < 0:
            raise ValueError("A step tells at least one role or person and waits 0 s or more.")


@dataclass(frozen=True)
class Ladder:
    """The rungs of one level; the last one repeats until a person takes the alert.

    Raises ValueError without a step, or when rounds would follow each other without a pause.

    Attributes:
        steps: Shape ``(n,)``, n >= 1, in the order in which they are entered.
        repeat_seconds: Time between two rounds of the last step, more than 0. None: the clinic
            said nothing, and the standard of ``DEFAULT_POLICY`` holds. No value means "never".
        remind_seconds: How long after a person took an alert they are told again while it is
            not closed; more than 0. None: the standard holds. No value means "never".
    """

    steps: tuple[Step, ...]
    repeat_seconds: int | None
    remind_seconds: int | None = None

    def __post_init__(self) -> None:
        if not self.steps or (self.repeat_seconds is not None and self.repeat_seconds < 1):
            raise ValueError("A ladder has at least one step and repeats after 1 s or more.")
        if self.remind_seconds is not None and self.remind_seconds < 1:
            raise ValueError("A ladder tells the holder again after 1 s or more.")


@dataclass(frozen=True)
class Policy:
    """The ladders of one clinic; a copy is kept with each alert from when it is raised.

    Attributes:
        quiet: When same-day messages wait; None = never.
    """

    urgent: Ladder
    prompt: Ladder
    quiet: QuietHours | None = None
