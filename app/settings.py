"""The settings: the only place that reads the environment.

Sources, first wins: arguments, ``CONSILIUM_…`` variables, the TOML file that ``CONSILIUM_CONFIG`` names (default
``consilium.toml`` in the working folder), defaults.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from domain.errors import RequestError

# read by vendor libraries when they are first imported: no telemetry, no model hub, no stray warnings
for _name, _value in (
    ("HAYSTACK_TELEMETRY_ENABLED", "False"),
    ("HF_HUB_OFFLINE", "1"),
    ("TRANSFORMERS_VERBOSITY", "error"),
):
    os.environ.setdefault(_name, _value)


RERANKERS: Final = "rerankers"  # below home: the folders that ``consilium tune reranker`` writes


class Settings(BaseSettings):
    """Everything that can be set. Sizes are in bytes, times in seconds."""

    model_config = SettingsConfigDict(env_prefix="CONSILIUM_", extra="forbid", frozen=True)

    home: Path = Field(Path("~/.local/share/consilium"), description="Folder of catalogue, index, originals and audit.")
    database: SecretStr | None = Field(
        None,
        description="Address of the SQL database, postgresql+psycopg://user:password@host/name."
        " Default: SQLite in home.",
    )
    pack: str = Field("general", description="Domain pack: general, medical or legal.")
    index: Literal["edge", "server", "memory"] = Field("edge", description="Which passage index is used.")
    qdrant_url: str = Field("http://127.0.0.1:6333", description="Address of Qdrant when index = server.")
    qdrant_api_key: SecretStr | None = Field(None, description="Key for that Qdrant.")
    encoder: str = Field(
        "all-MiniLM-L6-v2", description="A sentence-transformers folder or name; default: the bundled one."
    )
    vectors: Path | None = Field(
        None, description="File that keeps the vectors of passages, so that indexing again costs no embedding."
    )
    drafter: Literal["extractive", "chat"] = Field("extractive", description="Who drafts answers.")
    chat_url: str = Field(
        "http://127.0.0.1:8000/v1",
        pattern=r"^https?://[^\s/]+\S*$",
        description="OpenAI-compatible server when drafter = chat.",
    )
    chat_model: str = Field("default", description="Model name at that server.")
    chat_api_key: SecretStr | None = Field(None, description="Key for that server.")
    deadline: float = Field(60.0, gt=0, le=3600, description="Seconds that drafting one answer may take.")
    host: str = Field("127.0.0.1", description="Address that serve binds to; loopback only until identities exist.")
    port: int = Field(8642, ge=0, le=65535, description="Port that serve binds to; 0 picks a free one.")
    max_bytes: int = Field(64 * 2**20, gt=0, description="Largest file that is read.")
    read_seconds: float = Field(120.0, gt=0, description="Seconds that reading one file may take.")
    read_memory: int = Field(1536 * 2**20, gt=0, description="Bytes of memory that reading one file may take.")
    max_pages: int = Field(2000, gt=0, description="Most pages of one file.")

    rate_per_minute: int = Field(6000, ge=0, description="Most requests of one caller a minute; 0 for no limit.")
    quota_per_day: int = Field(0, ge=0, description="Most requests of one caller a day; 0 for no limit.")
    concurrency: int = Field(256, gt=0, description="Most requests that are worked on at once.")
    concurrency_per_caller: int = Field(64, gt=0, description="Most requests of one caller that are worked on at once.")
    heartbeat_seconds: float = Field(15.0, gt=0, description="After how much silence a stream says that it lives.")
    webhooks_anywhere: bool = Field(
        default=False,
        description="Send events to private addresses and without TLS too, for tests and inner networks.",
    )

    @field_validator("database")
    @classmethod
    def _known_database(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(("postgresql+psycopg://", "sqlite:///")):
            message = "an address starts with postgresql+psycopg:// or sqlite:///"
            raise ValueError(message)
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Add the TOML file below the environment."""
        file = Path(os.environ.get("CONSILIUM_CONFIG", "consilium.toml"))
        return (init_settings, env_settings, file_secret_settings, TomlConfigSettingsSource(settings_cls, file))


def load_settings(**overrides: object) -> Settings:
    """Return the settings. Raises RequestError ``request.setting_invalid`` naming each setting at fault."""
    try:
        settings = Settings(**{key: value for key, value in overrides.items() if value is not None})  # type: ignore[arg-type]  # pydantic validates
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise RequestError("request.setting_invalid", faults) from None
    except ValueError as error:
        raise RequestError("request.setting_invalid", f"the configuration file: {type(error).__name__}") from None
    return settings.model_copy(update={"home": settings.home.expanduser()})
