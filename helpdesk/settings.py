"""One frozen object with every setting; nothing else reads the environment.

Each setting is the variable `HELPDESK_<NAME>`; `HELPDESK_<NAME>_FILE` names a file that holds the value.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from helpdesk.errors import Misconfigured

PREFIX = "HELPDESK_"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    data: Path = Field(Path("data"), description="Folder of the database, attachments and the secret key.")
    database_url: str = Field("", description="SQLAlchemy URL; empty means SQLite in the data folder.")
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Seals credentials and signs links; empty means a key file in the data folder.",
    )
    base_url: str = Field(
        "http://127.0.0.1:8000", description="How browsers reach the helpdesk, without a slash at the end."
    )
    language: str = Field("ja", description="Language before sign-in: ja or en.")
    timezone: str = Field("Asia/Tokyo", description="Time zone of new brands and agents.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    log_format: str = Field("console", description="console or json.")
    metrics_token: SecretStr = Field(
        SecretStr(""), description="Bearer token for /metrics; without it only loopback may read them."
    )
    trusted_hosts: str = Field("*", description="Host names served, separated by commas; * means any.")
    session_days: int = Field(14, ge=1, description="Days after which a sign-in ends.")
    max_mail_mb: int = Field(50, ge=1, description="Largest mail taken in, in megabytes.")
    max_upload_mb: int = Field(20, ge=1, description="Largest attachment an agent may send, in megabytes.")
    mail_poll_seconds: int = Field(60, ge=5, description="How often a mailbox without IDLE is looked at.")
    claim_batch: int = Field(20, ge=1, description="Queue rows a worker takes at a time.")
    lease_seconds: int = Field(
        120, ge=5, description="After so long a crashed worker's rows are taken up again."
    )

    @property
    def url(self) -> str:
        """The database URL in force."""
        if not self.database_url:
            return f"sqlite:///{self.data / 'helpdesk.sqlite3'}"
        return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _FromFiles(settings_cls)


class _FromFiles(PydanticBaseSettingsSource):
    """`HELPDESK_SECRET_KEY_FILE=/run/secrets/key` for every setting."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        path = os.environ.get(f"{PREFIX}{field_name.upper()}_FILE")
        return (Path(path).read_text(encoding="utf-8").strip() if path else None), field_name, False

    def __call__(self) -> dict[str, Any]:
        read = {
            name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in read.items() if value is not None}


def load(**given: Any) -> Settings:
    """Settings from the environment; `given` values win where they are not None."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + str(first["loc"][0]).upper()
        raise Misconfigured(
            "%(name)s is wrong: %(why)s; see docs/settings.md", name=name, why=first["msg"]
        ) from error
    except OSError as error:
        raise Misconfigured(
            "%(file)s cannot be read: %(why)s; check the _FILE variables",
            file=error.filename,
            why=error.strerror,
        ) from error
