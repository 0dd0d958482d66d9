"""What changed, told to the other processes of one PostgreSQL database (LISTEN/NOTIFY).

A bulletin carries topics: ids at most, never patient data. It may be lost, when a connection
breaks: then everything is said to have changed, and whoever listens reads again. Nothing depends on
it but how soon a screen shows news and how soon a worker looks; both also look by themselves.
"""

import logging
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from db.engine import Database

CHANNEL = "diary"
EVERYTHING = "*"
WORKER = "worker"
_PAUSE_SECONDS = 1.0
_LISTEN_SECONDS = 5.0

logger = logging.getLogger(__name__)


class Bulletin:
    """One process's ear and mouth.

    Args:
        database: Of PostgreSQL.
    """

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._me = uuid4().hex[:12]
        self._turn = threading.Lock()
        self._mouth: Any = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.listening = threading.Event()

    def tell(self, topic: str) -> None:
        """Tell the other processes; call it after the commit. Never raises."""
        with self._turn:
            for _ in range(2):  # a connection that broke meanwhile is opened once more
                try:
                    if self._mouth is None:
                        self._mouth = self._connect()
                    self._mouth.execute(
                        "SELECT pg_notify(%s, %s)", (CHANNEL, f"{self._me} {topic}")
                    )
                except Exception as error:
                    logger.warning("bulletin not told: %s", type(error).__name__)
                    self._hang_up()
                else:
                    return

    def listen(self, hear: Callable[[str], None]) -> None:
        """Call ``hear`` with every topic that another process tells, in a thread of its own."""
        self._thread = threading.Thread(
            target=self._keep_listening, args=(hear,), name="diary-bulletin", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop listening and hang up."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=_LISTEN_SECONDS + 1)
        with self._turn:
            self._hang_up()

    def _keep_listening(self, hear: Callable[[str], None]) -> None:
        missed = False
        while not self._stopping.is_set():
            try:
                with self._connect() as ear:
                    ear.execute(f"LISTEN {CHANNEL}")
                    self.listening.set()
                    if missed:
                        hear(EVERYTHING)
                    self._hear(ear, hear)
            except Exception as error:
                missed = True
                logger.warning("bulletin not heard: %s", type(error).__name__)
                self._stopping.wait(_PAUSE_SECONDS)
            finally:
                self.listening.clear()

    def _hear(self, ear: Any, hear: Callable[[str], None]) -> None:
        while not self._stopping.is_set():
            for news in ear.notifies(timeout=_LISTEN_SECONDS / 10):
                who, _, topic = news.payload.partition(" ")
                if who != self._me:
                    hear(topic)

    def _connect(self) -> Any:
        import psycopg  # noqa: PLC0415 - an installation on SQLite runs without it

        url = self._engine.url.set(drivername="postgresql")
        return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)

    def _hang_up(self) -> None:
        if self._mouth is not None:
            self._mouth.close()
        self._mouth = None


def bulletin_of(database: Database) -> Bulletin | None:
    """Return the bulletin of a database; None on SQLite, which one process serves."""
    return Bulletin(database) if database.engine.dialect.name == "postgresql" else None
