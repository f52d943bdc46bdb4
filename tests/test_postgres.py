import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text

from tests.postgres_server import ENVIRONMENT_VARIABLE, LOCAL_URL, MissingPostgresError, PostgresServer, open_postgres


def test_the_database_of_each_engine_is_empty(empty_database_url: str) -> None:
    engine = create_engine(empty_database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE numbers (id integer)"))
        assert connection.execute(text("SELECT count(*) FROM numbers")).scalar_one() == 0
    engine.dispose()


@pytest.mark.postgres
def test_a_database_is_dropped_despite_open_connections(postgres_server: PostgresServer) -> None:
    with postgres_server.create_database() as url:
        connection = psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(), autocommit=True)
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")


def test_a_missing_server_can_be_simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, "none")
    with pytest.raises(MissingPostgresError), open_postgres():
        pass


def test_a_configured_server_that_does_not_answer_is_an_error_and_not_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, LOCAL_URL.set(port=1).render_as_string())
    with pytest.raises(psycopg.OperationalError), open_postgres():
        pass


@pytest.mark.postgres
@pytest.mark.slow
def test_a_server_is_started_and_stopped(postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, "own")
    with open_postgres() as own:
        with (
            own.create_database() as url,
            psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string()) as connection,
        ):
            assert connection.info.port == own.url.port != postgres_server.url.port
        address = own.url.set(drivername="postgresql").render_as_string()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address)
