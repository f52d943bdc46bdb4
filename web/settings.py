"""The settings. Each is an environment variable and an option of `directory serve`; `Settings` is the complete list."""

import os
import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, PlainSerializer, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from directory.errors import BadInput
from directory.live import DEFAULT_DATABASE_URL
from schema.limits import POINTS_A_MINUTE, parse_limits
from web.http import hosts
from web.pages.site import DEFAULT_COLOR, Site, parse_attribution, parse_color, parse_tiles
from web.server import client_address

PREFIX = "DIRECTORY_"
TEST_PREFIX = "DIRECTORY_TEST_"  # read by the tests; not a setting
MAX_WORKERS = 64
_CONTACT_URI = re.compile(r"(?:mailto|https|tel):[!-~]{1,200}")  # the schemes that RFC 9116 mentions
_HTTPS_URL = re.compile(r"https://[!-~]{1,300}")
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
REDIS_SCHEMES = ("redis://", "rediss://", "unix://")
VALUE_ERROR_PREFIX = "Value error, "  # pydantic puts it before the message of a ValueError


def _split_list(value: Any) -> Any:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


CommaSeparated = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_list), PlainSerializer(",".join)]


class LogLevel(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Settings(BaseSettings):
    """Validated settings. Use `load_settings`, which reports every problem as a sentence."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    database_url: str = Field(
        DEFAULT_DATABASE_URL,
        min_length=1,
        description="The database: sqlite:///FILE or postgresql://USER@HOST/NAME.",
    )
    host: str = Field("127.0.0.1", min_length=1, description="The address to listen on; 0.0.0.0 for all addresses.")
    port: int = Field(8000, ge=0, le=65535, description="The port to listen on; 0 for any free port.")
    workers: int = Field(
        1, ge=1, le=MAX_WORKERS, description="The number of worker processes. Each holds the directory in memory."
    )
    documents: Path | None = Field(None, description="A file or folder of trusted documents, which clients request by id.")
    documents_only: bool = Field(False, description="Whether to reject all documents except trusted ones: true or false.")
    points_a_minute: int = Field(
        POINTS_A_MINUTE, ge=0, description="How many points of cost one client may spend per minute; 0 for no limit."
    )
    connections_per_client: int = Field(
        100,
        ge=0,
        description="How many connections one client may have open at once in each process; 0 for no limit. Proxies "
        "listed in --trusted-proxies have no limit.",
    )
    limits: CommaSeparated = Field(
        (),
        description="Limits of one request that differ from the defaults, separated by commas: cost=5000,depth=12. "
        "docs/front-end.md lists them.",
    )
    limits_url: str | None = Field(
        None,
        description="A Redis server (7 or newer) through which all processes share rate limits: "
        "redis://HOST:PORT/NUMBER. Without it, each process counts separately.",
    )
    trusted_proxies: CommaSeparated = Field(
        (),
        description="Addresses and networks of reverse proxies, separated by commas. X-Forwarded-For is trusted only from these.",
    )
    allowed_hosts: CommaSeparated = Field(
        (),
        description="The host names under which browsers reach the directory, separated by commas and without ports, or * for "
        "any. By default: the address it listens on, localhost, 127.0.0.1 and [::1].",
    )
    cors_origins: CommaSeparated = Field(
        (),
        description="Origins such as https://example.org whose pages may send requests, separated by commas, or * for any. "
        "By default: only its own pages, and at /reconcile pages of any origin.",
    )
    https: bool = Field(
        False, description="Whether browsers reach the directory by HTTPS and should never use plain HTTP: true or false."
    )
    security_contact: CommaSeparated = Field(
        (),
        description="Where to report a vulnerability, as URIs separated by commas: mailto:security@example.org. Published at "
        "/.well-known/security.txt. Requires --security-expires.",
    )
    security_expires: date | None = Field(
        None, description="The day (YYYY-MM-DD) on which the security contact expires. Choose one within a year."
    )
    network_color: str = Field(DEFAULT_COLOR, description="The color of the pages' header, dark enough for white text: #223f6b.")
    network_contact: str | None = Field(
        None, description="Where people report errors in records and ask for removal: mailto:records@example.org or https://..."
    )
    network_join: str | None = Field(None, description="The page that says how to become a member: https://example.org/join.")
    exit_page: str = Field("https://www.weather.gov/", description='The page that "Exit this page" opens instead: https://...')
    tiles: str | None = Field(
        None,
        description="A tile server for the map: https://tiles.example.org/{z}/{x}/{y}.png. Visitors' browsers then send "
        "requests to it. Without it, the map has only outlines, and no request leaves the directory. Requires "
        "--tiles-attribution.",
    )
    tiles_attribution: str | None = Field(
        None,
        description="The credit that the provider of the tiles asks for, up to 200 characters. The map shows it, with addresses "
        "as links: © OpenStreetMap contributors, https://www.openstreetmap.org/copyright",
    )
    metrics: str | None = Field(
        None,
        description="The address at which Prometheus finds /metrics, such as 127.0.0.1:9100. "
        "With several workers, each takes the next free port from there.",
    )
    log_level: LogLevel = Field(LogLevel.INFO, description="The lowest level to log: debug, info, warning or error.")

    @field_validator("host", "database_url")
    @classmethod
    def _refuse_whitespace(cls, value: str) -> str:
        if any(character.isspace() for character in value):
            raise ValueError("it contains spaces")
        return value

    @field_validator("limits")
    @classmethod
    def _check_limits(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        parse_limits(value)
        return value

    @field_validator("limits_url")
    @classmethod
    def _check_redis_url(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(REDIS_SCHEMES):
            raise ValueError(f"it must start with one of {', '.join(REDIS_SCHEMES)}")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _normalize_proxies(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(str, client_address.parse_networks(value)))

    @field_validator("allowed_hosts")
    @classmethod
    def _normalize_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return hosts.parse_host_names(value)

    @field_validator("cors_origins")
    @classmethod
    def _check_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return hosts.parse_origins(value)

    @field_validator("security_contact")
    @classmethod
    def _check_contacts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for uri in value:
            if not _CONTACT_URI.fullmatch(uri):
                raise ValueError(f"{uri!r} is not a URI such as mailto:security@example.org or https://example.org/security")
        return value

    @field_validator("security_expires", mode="before")
    @classmethod
    def _check_date(cls, value: Any) -> Any:
        if isinstance(value, str) and not _ISO_DATE.fullmatch(value):
            raise ValueError("it is not a date such as 2027-06-30")
        return value

    @model_validator(mode="after")
    def _require_contact_with_expiry(self) -> Self:
        if bool(self.security_contact) != (self.security_expires is not None):
            missing = "security_expires" if self.security_contact else "security_contact"
            raise ValueError(f"{variable_name(missing)} is missing. Set a security contact and its expiry date together.")
        return self

    @field_validator("network_color")
    @classmethod
    def _check_color(cls, value: str) -> str:
        return parse_color(value)

    @field_validator("network_contact")
    @classmethod
    def _check_contact(cls, value: str | None) -> str | None:
        if value is not None and not _CONTACT_URI.fullmatch(value):
            raise ValueError("it is not a URI such as mailto:records@example.org or https://example.org/contact")
        return value

    @field_validator("tiles")
    @classmethod
    def _check_tiles(cls, value: str | None) -> str | None:
        return value if value is None else parse_tiles(value)

    @field_validator("tiles_attribution")
    @classmethod
    def _check_attribution(cls, value: str | None) -> str | None:
        return value if value is None else parse_attribution(value)

    @model_validator(mode="after")
    def _require_tiles_with_attribution(self) -> Self:
        if (self.tiles is None) != (self.tiles_attribution is None):
            missing = "tiles_attribution" if self.tiles else "tiles"
            raise ValueError(f"{variable_name(missing)} is missing. Set a tile server and its attribution together.")
        return self

    @field_validator("network_join", "exit_page")
    @classmethod
    def _check_https(cls, value: str | None) -> str | None:
        if value is not None and not _HTTPS_URL.fullmatch(value):
            raise ValueError("it is not an address that starts with https://")
        return value

    def build_site(self) -> Site:
        """Return what the pages show of the settings."""
        return Site(
            self.network_color,
            self.network_contact,
            self.network_join,
            self.tiles,
            self.tiles_attribution,
            self.exit_page,
        )

    @field_validator("metrics")
    @classmethod
    def _check_metrics_address(cls, value: str | None) -> str | None:
        if value is not None:
            hosts.parse_listen_address(value)
        return value


def variable_name(setting: str) -> str:
    """Return the name of the environment variable of a setting."""
    return PREFIX + setting.upper()


def option_name(setting: str) -> str:
    """Return the option of `directory serve` for a setting."""
    return "--" + setting.replace("_", "-")


def format_default(setting: str) -> str:
    """Return the default of a setting as a user would write it; "none" if there is no default."""
    default = Settings.model_fields[setting].default
    if default is None or default == ():
        return "none"
    return str(default).lower() if isinstance(default, bool) else str(default)


def load_settings(options: Mapping[str, Any] | None = None) -> Settings:
    """Return the settings from the options (those that are not None), then the environment, then the defaults.

    Raises BadInput, whose message names every invalid setting, and for a variable with our prefix that is not a setting.
    """
    set_options = {name: value for name, value in (options or {}).items() if value is not None}
    _refuse_unknown_variables(os.environ)
    try:
        return Settings(**set_options)
    except ValidationError as error:
        raise BadInput(" ".join(_format_problem(problem, set_options) for problem in error.errors())) from None


def _format_problem(problem: Any, options: Mapping[str, Any]) -> str:
    message = str(problem["msg"]).removeprefix(VALUE_ERROR_PREFIX)
    if not problem["loc"]:  # it concerns several settings
        return message
    setting = str(problem["loc"][0])
    name = option_name(setting) if setting in options else variable_name(setting)
    value = "this value" if setting.endswith("_url") else repr(problem["input"])  # a URL may contain a password
    description = str(Settings.model_fields[setting].description)
    return f"{name} cannot be {value}: {message[0].lower()}{message[1:]}. {description}"


def _refuse_unknown_variables(environment: Mapping[str, str]) -> None:
    known = [variable_name(setting) for setting in Settings.model_fields]
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known and not name.startswith(TEST_PREFIX):
            similar = get_close_matches(name, known, 1)
            hint = f"Did you mean {similar[0]}?" if similar else f"The settings are {', '.join(known)}."
            raise BadInput(f"{name} is not a setting. {hint}")
