"""The settings: environment variables and options of `directory serve` alike. `Settings` is the whole list."""

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
from web.server import client_address

PREFIX = "DIRECTORY_"
TEST_PREFIX = "DIRECTORY_TEST_"  # read by the tests, no setting
MAX_WORKERS = 64
_CONTACT_URI = re.compile(r"(?:mailto|https|tel):[!-~]{1,200}")  # RFC 9116 knows these schemes
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
REDIS_SCHEMES = ("redis://", "rediss://", "unix://")


def _split_list(value: Any) -> Any:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


CommaSeparated = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_list), PlainSerializer(",".join)]  # parted by commas


class LogLevel(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Settings(BaseSettings):
    """Read them with `read`, which tells every problem in a sentence."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    database_url: str = Field(
        DEFAULT_DATABASE_URL,
        min_length=1,
        description="Where the records are kept: sqlite:///FILE or postgresql://USER@HOST/NAME.",
    )
    host: str = Field("127.0.0.1", min_length=1, description="The address to listen on; 0.0.0.0 for every one of this machine.")
    port: int = Field(8000, ge=0, le=65535, description="The port to listen on; 0 for any that is free.")
    workers: int = Field(1, ge=1, le=MAX_WORKERS, description="How many processes answer, each with the directory in memory.")
    documents: Path | None = Field(None, description="A file or folder of trusted documents, which clients ask for by id.")
    documents_only: bool = Field(False, description="Whether documents other than the trusted ones are refused: true or false.")
    points_a_minute: int = Field(
        POINTS_A_MINUTE, ge=0, description="How many points of cost one client may spend in a minute; 0 for any number."
    )
    connections_per_client: int = Field(
        100,
        ge=0,
        description="How many connections one client may have open at once in each process; 0 for any number. Proxies that "
        "are named in --trusted-proxies may have any number.",
    )
    limits: CommaSeparated = Field(
        (),
        description="Limits of one request that are to be other than usual, parted by commas: cost=5000,depth=12. "
        "docs/front-end.md names them.",
    )
    limits_url: str | None = Field(
        None,
        description="A Redis 7 or newer in which all processes add up what clients spend: redis://HOST:PORT/NUMBER. "
        "Without one each process counts for itself.",
    )
    trusted_proxies: CommaSeparated = Field(
        (),
        description="Addresses and networks of the proxies in front, parted by commas. Only theirs is X-Forwarded-For believed.",
    )
    allowed_hosts: CommaSeparated = Field(
        (),
        description="The names under which browsers reach the directory, parted by commas and without ports, or * for any. "
        "Without them: the address it listens on, localhost, 127.0.0.1 and [::1].",
    )
    cors_origins: CommaSeparated = Field(
        (),
        description="Origins such as https://example.org whose pages may ask, parted by commas, or * for any. "
        "Without them: its own pages alone, and at /reconcile those of any.",
    )
    https: bool = Field(
        False, description="Whether browsers reach the directory by HTTPS and are told never to try otherwise: true or false."
    )
    security_contact: CommaSeparated = Field(
        (),
        description="Where to report a vulnerability, as URIs parted by commas: mailto:security@example.org. Published at "
        "/.well-known/security.txt, which needs --security-expires, too.",
    )
    security_expires: date | None = Field(
        None, description="The day, as YYYY-MM-DD, from which nobody should rely on the contact any more; within a year."
    )
    metrics: str | None = Field(
        None,
        description="The address at which Prometheus finds /metrics, such as 127.0.0.1:9100. "
        "Of several processes each takes the next free port from there on.",
    )
    log_level: LogLevel = Field(LogLevel.INFO, description="The least that is logged: debug, info, warning or error.")

    @field_validator("host", "database_url")
    @classmethod
    def _refuse_blanks(cls, value: str) -> str:
        if any(sign.isspace() for sign in value):
            raise ValueError("it has blanks in it")
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
            raise ValueError(f"it begins with none of {', '.join(REDIS_SCHEMES)}")
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
            raise ValueError("it is not a day such as 2027-06-30")
        return value

    @model_validator(mode="after")
    def _require_contact_with_expiry(self) -> Self:
        if bool(self.security_contact) != (self.security_expires is not None):
            missing = "security_expires" if self.security_contact else "security_contact"
            raise ValueError(f"{variable_name(missing)} is missing: a contact for vulnerabilities and its last day go together.")
        return self

    @field_validator("metrics")
    @classmethod
    def _check_metrics_address(cls, value: str | None) -> str | None:
        if value is not None:
            hosts.parse_listen_address(value)
        return value


def variable_name(setting: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + setting.upper()


def option_name(setting: str) -> str:
    """The option of `directory serve` for a setting."""
    return "--" + setting.replace("_", "-")


def format_default(setting: str) -> str:
    """As one would write it; `none` where nothing is set."""
    default = Settings.model_fields[setting].default
    if default is None or default == ():
        return "none"
    return str(default).lower() if isinstance(default, bool) else str(default)


def load_settings(options: Mapping[str, Any] | None = None) -> Settings:
    """The settings that hold: the options that are given (not None), else the environment, else the defaults.

    Raises BadInput, which names every wrong one, and for a variable with our prefix that is no setting.
    """
    given = {name: value for name, value in (options or {}).items() if value is not None}
    _refuse_unknown_variables(os.environ)
    try:
        return Settings(**given)
    except ValidationError as problem:
        raise BadInput(" ".join(_format_error(error, given) for error in problem.errors())) from None


def _format_error(error: Any, given: Mapping[str, Any]) -> str:
    if not error["loc"]:  # about several settings
        return str(error["msg"]).removeprefix("Value error, ")
    setting = str(error["loc"][0])
    place = option_name(setting) if setting in given else variable_name(setting)
    problem = error["msg"].removeprefix("Value error, ")
    description = str(Settings.model_fields[setting].description)
    value = "what it is" if setting.endswith("_url") else repr(error["input"])  # a password may stand in an address
    return f"{place} cannot be {value}: {problem[0].lower()}{problem[1:]}. {description}"


def _refuse_unknown_variables(environment: Mapping[str, str]) -> None:
    known = [variable_name(setting) for setting in Settings.model_fields]
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known and not name.startswith(TEST_PREFIX):
            near = get_close_matches(name, known, 1)
            hint = f"Did you mean {near[0]}?" if near else f"The settings are {', '.join(known)}."
            raise BadInput(f"{name} is no setting. {hint}")
