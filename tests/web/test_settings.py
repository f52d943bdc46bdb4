"""Settings: refused loudly when wrong, each at the place where it was said."""

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
def test_the_address_of_the_database_is_not_told_back(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DIRECTORY_DATABASE_URL", value)
    with pytest.raises(BadInput, match="DIRECTORY_DATABASE_URL cannot be") as variable_told:
        load_settings()
    with pytest.raises(BadInput, match="--database-url cannot be") as option_told:
        load_settings({"database_url": value})
    for told in (variable_told, option_told):
        assert "s3cret" not in str(told.value)


def test_a_wrong_option_is_refused_by_its_name() -> None:
    with pytest.raises(BadInput, match="--port cannot be 'eighty'"):
        load_settings({"port": "eighty"})


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(BadInput, match=r"--port .* --workers"):
        load_settings({"port": "eighty", "workers": "0"})


def test_a_variable_that_is_no_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIRECTORY_PROT", "1")
    with pytest.raises(BadInput, match=r"DIRECTORY_PROT is no setting\. Did you mean DIRECTORY_PORT"):
        load_settings()


def test_an_option_goes_before_the_variable_and_that_before_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIRECTORY_PORT", "9000")
    monkeypatch.setenv("DIRECTORY_HOST", "0.0.0.0")  # noqa: S104 - nothing listens
    settings = load_settings({"port": "9001", "host": None})
    assert (settings.port, settings.host, settings.workers) == (9001, "0.0.0.0", 1)  # noqa: S104


def test_every_setting_says_what_it_is() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description
        assert variable_name(name) == f"DIRECTORY_{name.upper()}"
        assert option_name(name).startswith("--")


def test_limits_are_set_by_name() -> None:
    settings = load_settings({"limits": "cost=5000, depth=12"})
    assert parse_limits(settings.limits) == replace(LIMITS, cost=5000, depth=12)


@pytest.mark.parametrize("wrong", ["cost", "cost=", "cost=-1", "cost=0", "seconds=inf", "seconds=nan", "speed=9"])
def test_a_limit_that_cannot_be_is_refused_with_what_there_is(wrong: str) -> None:
    with pytest.raises(BadInput, match="--limits"):
        load_settings({"limits": wrong})
