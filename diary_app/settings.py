"""Settings, read once from the environment (prefix DIARY_) or a .env file."""

from pathlib import Path
from typing import Literal, Self

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from db.cipher import ciphered_url
from db.key_source import KeySource

# Where secrets may travel: encrypted, or inside this machine.
_SAFE = ("https://", "http://localhost:", "http://127.0.0.1:")


class Settings(BaseSettings):
    """Everything that differs between installations. Clinic thresholds are data, not settings."""

    model_config = SettingsConfigDict(
        env_prefix="DIARY_", env_file=".env", extra="forbid", frozen=True
    )

    data_dir: Path = Field(
        default_factory=lambda: user_data_path("symptom-diary"),
        description="Folder of the database, the photos, the key and the outbox.",
    )
    database_url: str = Field(
        default="", description="Empty: SQLite in the data folder; else an SQLAlchemy URL."
    )
    key_file: Path | None = Field(
        default=None, description="The master key; empty: `master.key` in the data folder."
    )
    key: str = Field(
        default="", description="The master key itself, 64 hex digits, instead of a file."
    )
    key_command: str = Field(
        default="",
        description="Command of a key service that wraps and unwraps the master key; the key file "
        "is then `master.key.wrapped`.",
    )
    sqlite_key_file: Path | None = Field(
        default=None,
        description="Key that the whole SQLite file is encrypted with (SQLCipher); empty: it is "
        "not.",
    )
    web_cache_dir: Path = Field(
        default_factory=lambda: user_cache_path("symptom-diary") / "web",
        description="Folder of the packed web client.",
    )
    web_quality: int = Field(
        default=11,
        ge=1,
        le=11,
        description="How hard the web client is packed: 11 takes about three minutes of one core, "
        "once, and loads soonest on slow phones; 5 takes seconds.",
    )
    backup_dir: Path | None = Field(
        default=None,
        description="Folder of the nightly backups, best on another disk; empty: none are made.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8550, ge=0, le=65535, description="Port to listen on.")
    public_url: str = Field(
        default="",
        description="Address that people open, such as https://diary.example.org; "
        "empty: http on host and port.",
    )
    worker: bool = Field(default=True, description="Run the alert worker inside the server.")
    demo: bool = Field(default=False, description="Synthetic data; sign-in help on the page.")
    mail_way: Literal["smtp", "file"] = Field(
        default="smtp", description="smtp, or file: mails are written to the outbox folder."
    )
    smtp_host: str = Field(default="", description="Mail server.")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: Literal["none", "starttls", "tls"] = Field(
        default="starttls", description="none, starttls or tls."
    )
    smtp_user: str = Field(default="", description="User at the mail server; empty: none.")
    smtp_password: str = Field(default="", description="Password at the mail server.")
    smtp_password_file: Path | None = Field(
        default=None, description="File that holds the password at the mail server."
    )
    smtp_ca_file: Path | None = Field(
        default=None, description="Certificates (PEM) to trust for the mail server."
    )
    mail_from: str = Field(
        default="diary@localhost", description="Sender address of alerts and summaries."
    )
    oidc_issuer: str = Field(
        default="",
        description="Issuer of the hospital's sign-in service (OpenID Connect), such as "
        "https://sso.hospital.example/realms/staff; empty: none.",
    )
    oidc_client_id: str = Field(
        default="", description="How this diary is registered at that sign-in service."
    )
    oidc_client_secret: str = Field(default="", description="Its secret there.")
    oidc_client_secret_file: Path | None = Field(
        default=None, description="File that holds that secret."
    )
    oidc_name: str = Field(
        default="Hospital account", description="Words on the button that leads there."
    )
    tick_seconds: float = Field(
        default=10.0, gt=0, le=60, description="Pause between two looks at what is due."
    )

    deadman_url: str = Field(
        default="",
        description="Monitor that is asked each minute while the alarm works, such as "
        "https://monitor.example.org/ping; it calls somebody when that stops. Empty: none.",
    )
    deadman_url_file: Path | None = Field(
        default=None, description="File that holds the address of that monitor."
    )

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.key and (self.key_command or self.key_file is not None):
            raise ValueError("Set DIARY_KEY, or DIARY_KEY_FILE and DIARY_KEY_COMMAND, not both.")
        if self.database_url and self.sqlite_key_file is not None:
            raise ValueError("DIARY_SQLITE_KEY_FILE is for SQLite; PostgreSQL has its own ways.")
        if self.public_url and not self.public_url.startswith(("http://", "https://")):
            raise ValueError("DIARY_PUBLIC_URL must begin with http:// or https://.")
        if self.mail_way == "smtp" and self.smtp_password and self.smtp_password_file:
            raise ValueError("Give DIARY_SMTP_PASSWORD or DIARY_SMTP_PASSWORD_FILE, not both.")
        if self.deadman_url and self.deadman_url_file:
            raise ValueError("Give DIARY_DEADMAN_URL or DIARY_DEADMAN_URL_FILE, not both.")
        return self._possible_oidc()

    def _possible_oidc(self) -> Self:
        if not self.oidc_issuer:
            return self
        if not self.oidc_issuer.startswith(_SAFE):
            raise ValueError("DIARY_OIDC_ISSUER must begin with https://.")
        if not self.oidc_client_id:
            raise ValueError("Give DIARY_OIDC_CLIENT_ID with DIARY_OIDC_ISSUER.")
        if bool(self.oidc_client_secret) == bool(self.oidc_client_secret_file):
            raise ValueError("Give DIARY_OIDC_CLIENT_SECRET or DIARY_OIDC_CLIENT_SECRET_FILE.")
        return self

    @property
    def url(self) -> str:
        """The database's address."""
        if self.database_url or self.sqlite_key_file is None:
            return self.database_url or f"sqlite:///{self.data_dir / 'diary.db'}"
        return str(ciphered_url(self.data_dir / "diary.db", self.sqlite_key_file))

    @property
    def origin(self) -> str:
        """Scheme and host that people open, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def master_key_file(self) -> Path:
        """Where the master key lies: never inside the database."""
        name = "master.key.wrapped" if self.key_command else "master.key"
        return self.key_file or self.data_dir / name

    @property
    def key_source(self) -> KeySource:
        """Where the master key comes from."""
        return KeySource(self.master_key_file, self.key, self.key_command)
