"""The settings: the only place that reads the environment.

Sources, first wins: arguments, ``CONSILIUM_…`` variables, the TOML file that ``CONSILIUM_CONFIG`` names (default
``consilium.toml`` in the working folder), defaults.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
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
# not a default: whatever an operator's environment says, Haystack puts no text of a question into traces
os.environ["HAYSTACK_CONTENT_TRACING_ENABLED"] = "false"

PREFIX: Final = "CONSILIUM_"
CONFIG_VARIABLE: Final = "CONSILIUM_CONFIG"
_OTHERS: Final = ("CONSILIUM_TORCH", "CONSILIUM_DATA", "CONSILIUM_NO_SKIP")  # of the set-up and of the tests

_ORIGIN: Final = re.compile(r"https?://(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?")
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
    price_per_thousand_tokens: float | None = Field(
        None, ge=0, description="What a thousand tokens of the model server cost, for the statistics; none by default."
    )
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

    max_running: int = Field(
        0, ge=0, le=1000, description="Questions that are worked on at one time; 0 chooses by cores and drafter."
    )
    max_waiting: int = Field(56, ge=0, le=10_000, description="Questions that wait for their turn; more get 429.")
    wait_seconds: float = Field(10.0, gt=0, le=600, description="Seconds that a question waits for its turn.")
    drain_delay: float = Field(
        0.0, ge=0, le=300, description="Seconds between SIGTERM and the last new request, while /readyz says 503."
    )
    drain_seconds: float = Field(30.0, gt=0, le=3600, description="Seconds that running answers may take to finish.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level of log lines.")
    metrics_host: str = Field("127.0.0.1", description="Address that the metrics are served on.")
    metrics_port: int | None = Field(
        None, ge=0, le=65535, description="Port of the Prometheus metrics; none unless it is set; 0 picks a free one."
    )
    otlp_endpoint: str | None = Field(
        None,
        pattern=r"^https?://[^\s/@]+(/\S*)?$",
        description="Address that OpenTelemetry traces are sent to, http(s)://host:4318/v1/traces; none by default.",
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Origins whose pages may call the API, with commas between them; none unless it is set."
    )
    behind_tls: bool = Field(
        default=False, description="Whether callers reach the server by HTTPS, so that HSTS may be said (RFC 6797)."
    )

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _origins(cls, value: object) -> object:
        """Split at commas, and refuse what is no origin (RFC 6454): a star would open the API to every page."""
        origins = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
        if not isinstance(origins, list | tuple):
            return origins
        origins = [origin for origin in origins if origin]
        if any(not isinstance(origin, str) or not _ORIGIN.fullmatch(origin) for origin in origins):
            message = "an origin is http(s)://host or http(s)://host:port, without a path and without *"
            raise ValueError(message)
        return tuple(origins)

    rate_per_minute: int = Field(6000, ge=0, description="Most requests of one caller a minute; 0 for no limit.")
    quota_per_day: int = Field(0, ge=0, description="Most requests of one caller a day; 0 for no limit.")
    concurrency_per_caller: int = Field(
        64, gt=0, description="Most requests of one caller that wait or are worked on at once."
    )
    heartbeat_seconds: float = Field(15.0, gt=0, description="After how much silence a stream says that it lives.")
    webhooks_anywhere: bool = Field(
        default=False,
        description="Send events to private addresses and without TLS too, for tests and inner networks.",
    )

    report_templates: Path | None = Field(
        None, description="Folder with report templates of one's own (*.toml), and the Word layouts that they name."
    )
    report_fonts: Path | None = Field(
        None, description="Folder with fonts for reports in PDF, for scripts that the shipped ones do not have."
    )

    @field_validator("database")
    @classmethod
    def _known_database(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(("postgresql+psycopg://", "sqlite:///")):
            message = "an address starts with postgresql+psycopg:// or sqlite:///"
            raise ValueError(message)
        return value

    def running(self) -> int:
        """Return how many questions are worked on at one time.

        What is worked out here keeps a core busy, and more at a time would only make each slower; what a model server
        drafts is waited for.
        """
        if self.max_running:
            return self.max_running
        return 32 if self.drafter == "chat" else max(4, 2 * (os.cpu_count() or 1))

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
        return (init_settings, env_settings, file_secret_settings, TomlConfigSettingsSource(settings_cls, _file()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A setting at fault: its name ("" for the whole file), what is wrong, without the value, and its source."""

    name: str
    message: str
    source: str


def load_settings(**overrides: object) -> Settings:
    """Return the settings. Raises RequestError ``request.setting_invalid`` naming each setting at fault."""
    settings, faults = try_settings(overrides)
    if settings is None:
        detail = "; ".join(f"{fault.name}: {fault.message}" if fault.name else fault.message for fault in faults)
        raise RequestError("request.setting_invalid", detail)
    return settings


def try_settings(overrides: Mapping[str, object]) -> tuple[Settings | None, list[Fault]]:
    """Return the settings, or none and every fault."""
    given = {key: value for key, value in overrides.items() if value is not None}
    named = os.environ.get(CONFIG_VARIABLE)
    if named is not None and not Path(named).is_file():
        return None, [Fault(name="", message="the configuration file: there is none", source=named)]
    try:
        settings = Settings(**given)  # type: ignore[arg-type]  # pydantic validates
    except ValidationError as error:
        sources = setting_sources(given)
        faults = [(".".join(map(str, e["loc"])), e["msg"]) for e in error.errors()]
        return None, [
            Fault(name=name, message=message, source=sources.get(name.split(".")[0], "file"))
            for name, message in faults
        ]
    except ValueError as error:
        # what it says may quote the file; the place alone does not
        place = re.search(r"line \d+(, column \d+)?", str(error))
        where = f" at {place.group()}" if place else ""
        message = f"the configuration file: {type(error).__name__}{where}"
        return None, [Fault(name="", message=message, source=str(_file()))]
    return settings.model_copy(update={"home": settings.home.expanduser()}), []


def setting_sources(overrides: Mapping[str, object]) -> dict[str, str]:
    """Return where each setting comes from: "argument", "environment", "file" or "default"."""
    try:
        in_file = set(tomllib.loads(_file().read_text(encoding="utf-8")))
    except (OSError, ValueError):
        in_file = set()
    in_environment = {name.upper() for name in os.environ}
    found = {}
    for name in Settings.model_fields:
        if overrides.get(name) is not None:
            found[name] = "argument"
        elif f"{PREFIX}{name.upper()}" in in_environment:
            found[name] = "environment"
        else:
            found[name] = "file" if name in in_file else "default"
    return found


def unknown_variables() -> list[str]:
    """Return the ``CONSILIUM_…`` variables that nothing reads: misspelt ones, most often."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {CONFIG_VARIABLE, *_OTHERS}
    return sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known)


def _file() -> Path:
    return Path(os.environ.get(CONFIG_VARIABLE, "consilium.toml"))
