"""Settings: invalid values are refused with the name of the variable or option that has them."""

import pytest
from msgspec.structs import replace

from directory.errors import BadInput
from schema.limits import LIMITS, parse_limits
from web.settings import Settings, load_settings, option_name, variable_name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", ""),
        ("WORKERS", "0"),
        ("WORKERS", "1.5"),
        ("HOST", ""),
        ("HOST", "local host"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_variable_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"DIRECTORY_{name}", value)
    with pytest.raises(BadInput, match=f"DIRECTORY_{name} cannot be '{value}'"):
        load_settings()


@pytest.mark.parametrize("value", ["", "postgresql://me:s3cret@host/my directory"])
def test_the_database_url_is_not_repeated_in_an_error(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DIRECTORY_DATABASE_URL", value)
    with pytest.raises(BadInput, match="DIRECTORY_DATABASE_URL cannot be") as from_variable:
        load_settings()
    with pytest.raises(BadInput, match="--database-url cannot be") as from_option:
        load_settings({"database_url": value})
    for error in (from_variable, from_option):
        assert "s3cret" not in str(error.value)


def test_a_wrong_option_is_refused_by_its_name() -> None:
    with pytest.raises(BadInput, match="--port cannot be 'eighty'"):
        load_settings({"port": "eighty"})


def test_all_problems_are_reported_together() -> None:
    with pytest.raises(BadInput, match=r"--port .* --workers"):
        load_settings({"port": "eighty", "workers": "0"})


def test_an_unknown_variable_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIRECTORY_PROT", "1")
    with pytest.raises(BadInput, match=r"DIRECTORY_PROT is not a setting\. Did you mean DIRECTORY_PORT"):
        load_settings()


def test_an_option_overrides_the_variable_which_overrides_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIRECTORY_PORT", "9000")
    monkeypatch.setenv("DIRECTORY_HOST", "0.0.0.0")  # noqa: S104 - no server is started
    settings = load_settings({"port": "9001", "host": None})
    assert (settings.port, settings.host, settings.workers) == (9001, "0.0.0.0", 1)  # noqa: S104


def test_every_setting_has_a_description() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description
        assert variable_name(name) == f"DIRECTORY_{name.upper()}"
        assert option_name(name).startswith("--")


def test_limits_are_set_by_name() -> None:
    settings = load_settings({"limits": "cost=5000, depth=12"})
    assert parse_limits(settings.limits) == replace(LIMITS, cost=5000, depth=12)


@pytest.mark.parametrize("wrong", ["cost", "cost=", "cost=-1", "cost=0", "seconds=inf", "seconds=nan", "speed=9"])
def test_an_invalid_limit_is_refused(wrong: str) -> None:
    with pytest.raises(BadInput, match="--limits"):
        load_settings({"limits": wrong})
