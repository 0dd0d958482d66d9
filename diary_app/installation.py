"""One installation: its folder, database, key, photos, ways out. Opened by server and commands."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_bytes
from uuid import UUID

from alerts.delivery.register import transport_for
from alerts.delivery.transport import Connected, Message
from alerts.dispatch import Dispatch
from alerts.night_backup import NightBackup
from alerts.ping import usable_address
from alerts.settings import DeliverySettings
from alerts.watcher import Watcher
from alerts.worker import Worker
from db.backup import back_up, check, is_of_now, kept_backups
from db.bulletin import EVERYTHING, WORKER, Bulletin, bulletin_of
from db.cipher import make_key
from db.copying import unfinished
from db.engine import Database, migrate, newest_revision, open_database, revision_of
from db.errors import BackupError, KeyMissingError, StorageError
from db.keyring import Keyring, attach
from db.keys import KEY_BYTES, MasterKey
from db.photos.vault import PhotoVault
from db.stores import doors
from diary_app.services.acknowledge_links import link_url
from diary_app.services.kit import Kit, clinic_topic, no_mail
from diary_app.services.openid import Hospital
from diary_app.settings import Settings
from diary_app.text import _, in_language

OTHER_KEY = (
    "The master key is another one than this diary's data were sealed with; "
    "put the right one in its place."
)

CUT_OFF = (
    "A change of the master key was cut off; stop the diary and run `diary keys renew-master` "
    "again."
)

WITHOUT_KEY = (
    "Until then alerts go out by e-mail and entries are kept, but free text and photos cannot be "
    "read, photos are refused, new words are kept unsealed, authenticator codes cannot be checked, "
    "and no backup is made (docs/keys.md)."
)


class SetUpError(Exception):
    """The installation cannot be opened as it is set up; the sentence says what to do."""


@dataclass(frozen=True)
class Installation:
    """What an entry point holds open.

    Attributes:
        key: Where the key is lost, one of this process alone: it opens nothing that was kept.
        key_trouble: Why what is sealed cannot be read; empty = it can.
    """

    settings: Settings
    database: Database
    key: MasterKey
    vault: PhotoVault
    ring: Keyring
    bulletin: Bulletin | None = None
    key_trouble: str = ""

    def kit(
        self,
        clock: Callable[[], datetime],
        *,
        wake_worker: Callable[[], None] = lambda: None,
        publish: Callable[[str], None] = lambda _topic: None,
    ) -> Kit:
        """Return what every service needs; without bells when nobody listens here.

        On PostgreSQL the bells ring in the other processes too.
        """

        def wake() -> None:
            wake_worker()
            self._tell(WORKER)

        return Kit(
            database=self.database,
            key=self.key,
            vault=self.vault,
            clock=clock,
            wake_worker=wake,
            publish=self._everywhere(publish),
            origin=self.settings.origin,
            demo=self.settings.demo,
            mail_by=mail_by(self.settings),
            post=self._post,
            key_trouble=self.key_trouble,
            ring=self.ring,
        )

    def worker(
        self, clock: Callable[[], datetime], publish: Callable[[str], None] = lambda _topic: None
    ) -> Worker:
        """Return the worker of this installation, not started.

        Raises:
            SetUpError: When the way out lacks what it needs.
        """
        delivery = delivery_settings(self.settings)
        tell_screens = self._everywhere(publish)

        def changed(clinic_id: UUID) -> None:
            tell_screens(clinic_topic(clinic_id))

        return Worker(
            database=self.database,
            dispatch=Dispatch(
                database=self.database,
                transport_for=lambda way: transport_for(way, delivery),
                link_for=lambda notification: link_url(
                    self.key, self.settings.origin, notification
                ),
                inbox_url=f"{self.settings.origin}/",
                clock=clock,
                key=None if self.key_trouble else self.key,
                say=in_language,
            ),
            changed=changed,
            clock=clock,
            tick_seconds=self.settings.tick_seconds,
            watcher=Watcher(self.database, ping_url(self.settings)),
            night=self._night(),
        )

    def _post(self, message: Message) -> str:
        """Send one mail now, over a connection of its own."""
        if self.settings.mail_way != "file" and not self.settings.smtp_host:
            return no_mail(message)
        transport = transport_for("email", delivery_settings(self.settings))
        try:
            return transport.send(message)
        finally:
            if isinstance(transport, Connected):
                transport.let_go(0)

    def _night(self) -> NightBackup | None:
        folder = self.settings.backup_dir
        if folder is None or self.key_trouble:  # sealed with what key?
            return None
        return NightBackup(self.database, self.key, self.settings.data_dir / "photos", folder)

    def hear(self, wake_worker: Callable[[], None], publish: Callable[[str], None]) -> None:
        """Ring these bells whenever another process does; nothing happens on SQLite.

        Args:
            publish: Also called with `EVERYTHING` after news may have been missed.
        """

        def heard(topic: str) -> None:
            if topic in {WORKER, EVERYTHING}:
                wake_worker()
            if topic != WORKER:
                publish(topic)

        if self.bulletin is not None:
            self.bulletin.listen(heard)

    def _tell(self, topic: str) -> None:
        if self.bulletin is not None:
            self.bulletin.tell(topic)

    def _everywhere(self, publish: Callable[[str], None]) -> Callable[[str], None]:
        def publish_everywhere(topic: str) -> None:
            publish(topic)
            self._tell(topic)

        return publish_everywhere

    def close(self) -> None:
        """Close the database."""
        if self.bulletin is not None:
            self.bulletin.stop()
        self.database.close()


def open_installation(
    settings: Settings, *, create: bool = False, without_key: bool = False
) -> Installation:
    """Open what lies in the data folder and bring the tables up to date.

    Args:
        settings: Where it lies.
        create: Make the folder and the key of a new installation. Never for one that exists: a
            new key would open none of its photos.
        without_key: Open it even when the master key is missing or another one, so that alerts
            go out; `key_trouble` says so.

    Raises:
        SetUpError: There is no installation here, or its key is missing.
    """
    known = (settings.data_dir / "diary.db").exists() or bool(settings.database_url)
    if not known and not create:
        raise SetUpError(
            f"There is no diary in {settings.data_dir}; run `diary init` (or `diary demo`) first."
        )
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        key, trouble = _master_key(settings, create=create, without_key=without_key and known)
        if create and settings.sqlite_key_file is not None:
            make_key(settings.sqlite_key_file)
        database = open_database(settings.url)
        if settings.database_url and unfinished(database):
            database.close()
            raise SetUpError(
                "The copy into this database is not finished; run `diary copy-database` again."
            )
        if known:
            _back_up_before_change(database, key, settings)
        migrate(database)
        ring = attach(database, key)
        if key is not None and ring.opens_nothing():
            trouble = CUT_OFF if settings.key_source.is_cut_off() else OTHER_KEY
            if not without_key:
                database.close()
                raise SetUpError(trouble)
            key, ring = None, attach(database, None)
    except (OSError, StorageError) as error:
        raise SetUpError(str(error)) from error
    if not trouble and ring.is_lost():
        trouble = "The key of a clinic's data does not open; bring back its row from a backup."
    return Installation(
        settings=settings,
        database=database,
        key=key or MasterKey(token_bytes(KEY_BYTES)),
        vault=PhotoVault(settings.data_dir / "photos", key, ring),
        bulletin=bulletin_of(database),
        ring=ring,
        key_trouble=trouble,
    )


def _master_key(
    settings: Settings, *, create: bool, without_key: bool
) -> tuple[MasterKey | None, str]:
    """Return the master key and why it is missing."""
    source = settings.key_source
    try:
        return (source.load_or_create() if create else source.load()), ""
    except KeyMissingError as error:
        if not without_key:
            raise
        return None, str(error)


def tell_key_trouble(opened: Installation) -> None:
    """Say on standard error that the key is lost, and what that means; or is half changed."""
    if opened.key_trouble:
        sys.stderr.write(f"{opened.key_trouble} {WITHOUT_KEY}\n")
    elif opened.settings.key_source.is_cut_off():
        sys.stderr.write(f"{CUT_OFF}\n")


def clinic_names(settings: Settings) -> list[str]:
    """Return the names of the clinics whose diary lies in the data folder, as it is.

    Raises:
        SetUpError: It does not open.
    """
    database = open_database(settings.url)
    try:
        with database.reading() as session:
            return doors.clinic_names(session)
    except StorageError as error:
        raise SetUpError(str(error)) from error
    finally:
        database.close()


def _back_up_before_change(database: Database, key: MasterKey | None, settings: Settings) -> None:
    """Keep a checked backup when this version of the diary changes the tables of a former one."""
    revision = revision_of(database)
    if revision in {None, newest_revision()}:
        return
    if key is None:
        raise SetUpError(
            "This version of the diary changes the tables, and no backup can be made without the "
            "master key; put the key back first."
        )
    folder = (settings.backup_dir or settings.data_dir / "backups") / f"before-{newest_revision()}"
    now = datetime.now(UTC)  # noqa: TID251 - an installation is opened once, at the start
    # A start that fails is tried again every few seconds: one backup of what is there is enough.
    if any(is_of_now(file, database, now) for file in kept_backups(folder)):
        return
    file = back_up(database, settings.data_dir / "photos", key, folder, now)
    try:
        # That it holds what is there; what is wrong in there already stops no new version.
        check(file, key, database, settings.data_dir, inside=False)
    except BackupError:
        file.unlink()  # or the next start would take it for one that was checked
        raise


def mail_by(settings: Settings) -> str:
    """Return how e-mail leaves, for administrators; no password."""
    if settings.mail_way == "file":
        return _("Mails are written to the outbox folder; nobody receives them.")
    if not settings.smtp_host:
        return _("No mail server is set.")
    security = {"none": _("no encryption"), "starttls": "STARTTLS", "tls": "TLS"}
    return _("{host}, port {port}, {security}").format(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=security[settings.smtp_security],
    )


def delivery_settings(settings: Settings) -> DeliverySettings:
    """Return how messages leave, from the settings.

    Raises:
        SetUpError: Something is missing; the sentence says which.
    """
    password = settings.smtp_password or None
    try:
        if settings.smtp_password_file is not None:
            password = settings.smtp_password_file.read_text(encoding="utf-8").strip()
        return DeliverySettings(
            way=settings.mail_way,
            sender=settings.mail_from,
            base_url=settings.origin,
            outbox_directory=settings.data_dir / "outbox",
            smtp_host=settings.smtp_host or None,
            smtp_port=settings.smtp_port,
            smtp_security=settings.smtp_security,
            smtp_user=settings.smtp_user or None,
            smtp_password=password,
            smtp_ca_file=settings.smtp_ca_file,
        )
    except (OSError, ValueError) as error:
        raise SetUpError(f"Mail cannot be sent as it is set up: {error}") from error


def ping_url(settings: Settings) -> str:
    """Return the address of the monitor outside; empty = none.

    Raises:
        SetUpError: It cannot be read, or is neither https nor on this machine.
    """
    url = settings.deadman_url
    try:
        if settings.deadman_url_file is not None:
            url = settings.deadman_url_file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SetUpError(f"DIARY_DEADMAN_URL_FILE cannot be read: {error.strerror}.") from error
    if url and not usable_address(url):
        raise SetUpError(
            "DIARY_DEADMAN_URL must begin with https:// (http:// only for this machine itself)."
        )
    return url


def hospital_of(settings: Settings) -> Hospital | None:
    """Return how staff sign in with their account of the hospital; None = they do not.

    Raises:
        SetUpError: The secret cannot be read.
    """
    if not settings.oidc_issuer:
        return None
    secret = settings.oidc_client_secret
    try:
        if settings.oidc_client_secret_file is not None:
            secret = settings.oidc_client_secret_file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SetUpError(
            f"DIARY_OIDC_CLIENT_SECRET_FILE cannot be read: {error.strerror}."
        ) from error
    return Hospital(settings.oidc_issuer, settings.oidc_client_id, secret, settings.oidc_name)
