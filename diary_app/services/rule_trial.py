"""Trying a proposal in the background, with its progress; it can be stopped."""

import contextvars
import logging
import threading
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from db.access import Viewer
from diary_app.services.care_errors import REFUSALS
from diary_app.services.kit import Kit
from diary_app.services.refusals import RefusedError
from diary_app.services.rule_sets import RuleSets, WhatIf
from diary_app.text import _

logger = logging.getLogger(__name__)

# One at a time in this process: a try is work for the processor, and people wait for screens.
_turn = threading.Lock()


class _StoppedError(Exception):
    """The person who runs the try stopped it."""


@dataclass(frozen=True)
class Trial:
    """A try of one proposal.

    Attributes:
        state: running, stopped, failed or finished.
        done: Patients so far; ``every`` of them, 0 until the first is done.
        problem: A sentence when it failed; empty otherwise.
        found: What it found, when finished.
    """

    rule_set_id: UUID
    first_on: date
    last_on: date
    state: str = "running"
    done: int = 0
    every: int = 0
    problem: str = ""
    found: WhatIf | None = None


class Trials:
    """The tries of one member of staff; the newest is kept until they sign out."""

    def __init__(self, kit: Kit, viewer: Viewer, rule_sets: RuleSets) -> None:
        self._kit = kit
        self._rule_sets = rule_sets
        self._viewer = viewer
        self._guard = threading.Lock()
        self._stop = threading.Event()
        self._newest: Trial | None = None

    @property
    def topic(self) -> str:
        """The topic that is published when a try went on or ended."""
        return f"trial:{self._viewer.actor_id}"

    def look(self, rule_set_id: UUID) -> Trial | None:
        """Return the newest try of a proposal; None when the newest is of another."""
        newest = self._newest
        return newest if newest is not None and newest.rule_set_id == rule_set_id else None

    def start(self, rule_set_id: UUID, first_on: date, last_on: date) -> None:
        """Begin a try and return at once.

        Raises:
            UnusableAnswerError: The period cannot be used.
            RefusedError: Another try runs.
        """
        self._viewer.require("rules.propose")
        first, last = self._rule_sets.period(first_on, last_on)
        with self._guard:
            if self._newest is not None and self._newest.state == "running":
                raise RefusedError(_("You are trying another proposal; stop that one first."))
            self._stop.clear()
            self._newest = Trial(rule_set_id, first, last)
        context = contextvars.copy_context()
        threading.Thread(
            target=context.run, args=(self._run, self._newest), name="rule-trial", daemon=True
        ).start()

    def stop(self) -> None:
        """End the running try after the present patient; nothing of it is kept."""
        self._stop.set()

    def _run(self, trial: Trial) -> None:
        def progress(done: int, every: int) -> None:
            if self._stop.is_set():
                raise _StoppedError
            self._put(replace(trial, done=done, every=every))

        try:
            with _turn:
                found = self._rule_sets.what_if(
                    trial.rule_set_id, trial.first_on, trial.last_on, progress
                )
        except _StoppedError:
            self._put(replace(trial, state="stopped"))
        except REFUSALS as error:
            self._put(replace(trial, state="failed", problem=str(error)))
        except Exception as error:
            logger.error("a what-if failed: %s", type(error).__name__)  # noqa: TRY400
            sentence = _("The what-if could not be finished. Please try again.")
            self._put(replace(trial, state="failed", problem=sentence))
        else:
            self._put(replace(trial, state="finished", found=found))

    def _put(self, trial: Trial) -> None:
        with self._guard:
            self._newest = trial
        self._kit.publish(self.topic)
