"""The settings: the only place that reads the environment.

Sources, first wins: arguments, ``CONSILIUM_…`` variables, the TOML file that ``CONSILIUM_CONFIG`` names (default
``consilium.toml`` in the working folder), defaults.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from app.identity.addresses import is_private_line
from domain.errors import RequestError

# read by vendor libraries when they are first imported: no telemetry, no model hub, no stray warnings
for _name, _value in (
    ("HAYSTACK_TELEMETRY_ENABLED", "False"),
    ("HF_HUB_OFFLINE", "1"),
    ("TRANSFORMERS_VERBOSITY", "error"),
):
    os.environ.setdefault(_name, _value)


Algorithm = Literal["RS256", "PS256", "ES256", "EdDSA"]


def _words(value: Any) -> Any:
    """Return the words of a text with commas or spaces between them; a list stays as it is."""
    return value.replace(",", " ").split() if isinstance(value, str) else value


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
    originals: str | None = Field(
        None,
        pattern=r"^[a-z0-9+]+://\S+$",
        description="Where originals are kept, as a URL of fsspec (s3://bucket/prefix). Default: a folder in home.",
    )
    storage_key: SecretStr | None = Field(
        None,
        description="Key that originals, kept questions and backups are sealed with: 32 bytes in base64. The first of"
        " several, with commas between them, seals; the others open what they sealed.",
    )
    storage_key_file: Path | None = Field(
        None, description="File with such keys, one a line, instead of the key itself."
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
    host: str = Field(
        "127.0.0.1", description="Address that serve binds to; other than loopback only with an issuer or a key."
    )
    port: int = Field(8642, ge=0, le=65535, description="Port that serve binds to; 0 picks a free one.")
    max_bytes: int = Field(64 * 2**20, gt=0, description="Largest file that is read.")
    read_seconds: float = Field(120.0, gt=0, description="Seconds that reading one file may take.")
    read_memory: int = Field(1536 * 2**20, gt=0, description="Bytes of memory that reading one file may take.")
    max_pages: int = Field(2000, gt=0, description="Most pages of one file.")
    access_policies: Path | None = Field(
        None, description="Folder with further Cedar policies (*.cedar) beside those that are shipped."
    )
    break_glass_minutes: int = Field(
        60, gt=0, le=1440, description="Longest that a patient or matter stays open by break-glass."
    )

    api_key: SecretStr | None = Field(None, description="Key that our commands send to a server elsewhere.")
    oidc_issuer: str | None = Field(None, description="OpenID Connect issuer whose access tokens are accepted.")
    oidc_audience: str | None = Field(None, min_length=1, description="This service, as its tokens name it.")
    oidc_client_id: str | None = Field(None, description="Public client with which people sign in (PKCE).")
    oidc_scopes: str = Field("openid profile", description="Scopes that such a client asks for.")
    oidc_algorithms: Annotated[tuple[Algorithm, ...], NoDecode, BeforeValidator(_words)] = Field(
        ("RS256", "ES256"), min_length=1, description="Signatures that are accepted: RS256, PS256, ES256, EdDSA."
    )
    oidc_token_types: Annotated[tuple[Literal["at+jwt", "JWT"], ...], NoDecode, BeforeValidator(_words)] = Field(
        ("at+jwt",), min_length=1, description="Types of tokens that are accepted; add JWT for older issuers."
    )
    oidc_roles_claim: str = Field("roles", min_length=1, description="Claim with roles, or the path to it.")
    oidc_tenant_claim: str | None = Field(
        None, min_length=1, description="Claim with the tenant; without it everybody is of the tenant default."
    )
    oidc_teams_claim: str | None = Field("groups", description="Claim with the ids of teams.")
    oidc_leeway: float = Field(30.0, ge=0, le=300, description="Seconds by which clocks may differ.")

    @model_validator(mode="after")
    def _whole_issuer(self) -> Self:
        """Refuse an issuer that half is said of, or whose sign-in tokens could pass for access tokens."""
        if self.oidc_issuer is None:
            return self
        if not is_private_line(self.oidc_issuer):
            message = "oidc_issuer: https, or http on this machine"
            raise ValueError(message)
        if self.oidc_audience is None:
            message = "oidc_audience: needed with oidc_issuer"
            raise ValueError(message)
        if "JWT" in self.oidc_token_types and self.oidc_audience == self.oidc_client_id:
            message = "oidc_audience: other than oidc_client_id where oidc_token_types has JWT"
            raise ValueError(message)
        return self

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
