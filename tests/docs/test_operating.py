"""docs/operating.md: its units, its backup and its wheel, as an operator uses them. nginx has a file of its own."""

import re
import shlex
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

import hatch_build
from docs.markdown import FOLDER, LANGUAGES
from tests.conftest import skip_missing
from tests.server_process import COMMAND, ServerProcess, run_server
from web.settings import load_settings

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operating.md").read_text()
PROGRAM = "/opt/directory/current/bin/directory"
UNITS = ["directory.service", "directory-backup.service", "directory-backup.timer"]
SECONDS = 300  # for building or installing


def replace_all(text: str, **by: str) -> str:
    """Raises AssertionError where the page has nothing to replace: then it is another one than the test thinks."""
    for old, new in by.items():
        assert old in text
        text = text.replace(old, new)
    return text


def run(*command: str | Path, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, env=settings or None, capture_output=True, text=True, check=False, timeout=SECONDS)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The command `directory`, where an installation would have it."""
    path = tmp_path / "directory-of-the-test"
    path.write_text(f'#!/bin/sh\ncd {ROOT} && exec {shlex.join(COMMAND)} "$@"\n')
    path.chmod(0o755)
    return path


def test_the_page_shows_every_file() -> None:
    for file in FOLDER.iterdir():
        assert f"<!-- produced: operating/{file.name} -->\n```{LANGUAGES[file.suffix]}\n{file.read_text().strip()}\n```" in PAGE


@pytest.mark.parametrize("named", [*UNITS, "directory.env", "directory.sh"])
def test_every_file_says_where_it_belongs(named: str) -> None:
    first = (FOLDER / named).read_text().removeprefix("#!/bin/sh\n").splitlines()[0]
    assert re.fullmatch(r"# /(etc|usr/local)/[a-z/.-]+(: .*)?", first)


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path, program: Path) -> None:
    analyze = shutil.which("systemd-analyze") or skip_missing("systemd")
    for unit in UNITS:
        (tmp_path / unit).write_text((FOLDER / unit).read_text().replace(PROGRAM, str(program)))
    checked = run(analyze, "verify", "--man=no", *(tmp_path / unit for unit in UNITS), folder=tmp_path)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def test_systemd_would_find_a_mistake(tmp_path: Path, program: Path) -> None:
    analyze = shutil.which("systemd-analyze") or skip_missing("systemd")
    unit = tmp_path / UNITS[0]
    unit.write_text((FOLDER / UNITS[0]).read_text().replace(PROGRAM, str(program)).replace("LimitNOFILE=", "LimitFiles="))
    checked = run(analyze, "verify", "--man=no", unit, folder=tmp_path)
    assert "LimitFiles" in checked.stderr


def test_the_units_use_the_files_of_the_page() -> None:
    for unit in UNITS[:2]:
        text = (FOLDER / unit).read_text()
        assert "EnvironmentFile=/etc/directory/directory.env" in text
        assert PROGRAM in text
        assert "User=directory" in text


def test_caddy_accepts_the_caddyfile(tmp_path: Path) -> None:
    caddy = shutil.which("caddy") or skip_missing("Caddy")
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    checked = run(caddy, "validate", "--adapter", "caddyfile", "--config", FOLDER / "Caddyfile", folder=tmp_path, **home)
    assert checked.returncode == 0, checked.stderr
    assert "Valid configuration" in checked.stdout + checked.stderr


def settings_of_the_page() -> dict[str, str]:
    lines = [line for line in (FOLDER / "directory.env").read_text().splitlines() if not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def test_the_settings_of_the_page_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in settings_of_the_page().items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert settings.https
    assert settings.trusted_proxies == ("127.0.0.1/32",)
    assert settings.allowed_hosts == ("directory.example.org",)


def commands_of(unit: str) -> Iterator[list[str]]:
    """As systemd would run them: it takes `%%` for `%` and `$$` for `$`."""
    for line in re.findall(r"^ExecStart=(.*)$", (FOLDER / unit).read_text(), re.M):
        yield shlex.split(line.replace("%%", "%").replace("$$", "$"))


@pytest.mark.slow
def test_the_backup_of_the_page_is_made_and_can_be_restored(tmp_path: Path, program: Path) -> None:
    backups, database = tmp_path / "backups", f"sqlite:///{tmp_path / 'directory.sqlite3'}"
    backups.mkdir()
    old = backups / "2020-01-01T00-00-00Z.backup"
    old.touch()
    subprocess.run(["touch", "-d", "40 days ago", old], check=True)
    environment = {"DIRECTORY_DATABASE_URL": database, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    assert run(program, "fictional", "20", folder=tmp_path, **environment).returncode == 0
    for command in commands_of("directory-backup.service"):
        here = [part.replace(PROGRAM, str(program)).replace("/var/backups/directory", str(backups)) for part in command]
        done = run(*here, folder=tmp_path, **environment)
        assert done.returncode == 0, done.stderr
    (made,) = backups.iterdir()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.backup", made.name)
    assert made.stat().st_mode & 0o077 == 0
    again = ["--database-url", f"sqlite:///{tmp_path / 'try.sqlite3'}"]
    assert run(program, "restore", made, *again, folder=tmp_path).returncode == 0
    assert "agree" in run(program, "check", *again, folder=tmp_path).stdout


@pytest.mark.slow
def test_no_backup_deletes_no_old_one(tmp_path: Path, program: Path) -> None:
    first, second = commands_of("directory-backup.service")
    failing = run(*(part.replace(PROGRAM, "/bin/false") for part in first), folder=tmp_path)
    assert failing.returncode != 0  # then systemd does not run the second
    assert second[0] == "/usr/bin/find"


def test_the_program_of_the_page_passes_arguments_on(tmp_path: Path) -> None:
    """With a `sudo` that changes no user, and a `directory` that prints its arguments and a setting."""
    (tmp_path / "sudo").write_text('#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done; shift\nexec "$@"\n')
    (tmp_path / "printed").write_text('#!/bin/sh\nprintf "%s|" "$DIRECTORY_HTTPS" "$@"\n')
    (tmp_path / "directory.env").write_text((FOLDER / "directory.env").read_text())
    script = (FOLDER / "directory.sh").read_text()
    script = replace_all(script, **{PROGRAM: str(tmp_path / "printed"), "/etc/directory": str(tmp_path)})
    (tmp_path / "directory").write_text(script)
    for name in ("sudo", "printed", "directory"):
        (tmp_path / name).chmod(0o755)
    done = run(tmp_path / "directory", "find", "two words", "$HOME; 'x'", folder=tmp_path, PATH=f"{tmp_path}:/usr/bin:/bin")
    assert done.stdout == "true|find|two words|$HOME; 'x'|"


@pytest.fixture(scope="module")
def front_end() -> None:
    try:
        hatch_build.build()
    except hatch_build.FrontEndError:
        skip_missing("the front end, which ./dev front builds where npm can fetch")


@pytest.mark.slow
@pytest.mark.usefixtures("front_end")
def test_a_wheel_runs_in_an_empty_environment(tmp_path: Path) -> None:
    built = run(
        sys.executable, "-m", "build", "--no-isolation", "--outdir", tmp_path / "dist", ROOT, folder=tmp_path, **offline()
    )
    assert built.returncode == 0, built.stdout[-2000:] + built.stderr
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    environment = tmp_path / "environment"
    venv.create(environment, symlinks=True)
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", environment / "bin" / "python"]
    # without --no-compile, pip would also compile what nobody imports
    installed = run(*pip, "install", "--quiet", "--no-compile", "-c", pins(tmp_path), wheel, folder=tmp_path)
    if "connection broken" in installed.stderr:
        skip_missing("a package index")
    assert installed.returncode == 0, installed.stderr
    with run_server(tmp_path, command=[str(environment / "bin" / "directory")]) as served:
        assert request(served, "/readyz").startswith(b"HTTP/1.1 200")
        assert b"csp-nonce" in request(served, "/graphiql")
        assert b"/assets/pages." in request(served, "/en/offline")
        assert b'"member' in request(served, "/graphql?query={network{memberCount}}")


def offline() -> dict[str, str]:
    """The front end is taken from the checkout: building it again would fetch from here."""
    return {"PATH": "/usr/bin:/bin", "npm_config_registry": "http://127.0.0.1:9/"}


def pins(folder: Path) -> Path:
    """The versions of the lock, without hashes: a wheel of our own has none there."""
    pinned = re.findall(r"^([\w.-]+(?:\[[^]]*\])?==[^ \\]+)( ;[^\\]*)?", (ROOT / "requirements.lock").read_text(), re.M)
    path = folder / "pins.txt"
    path.write_text("".join(re.sub(r"\[.*?\]", "", pin) + marker + "\n" for pin, marker in pinned))
    return path


def request(served: ServerProcess, path: str) -> bytes:
    with served.connect() as caller:
        caller.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: caller.recv(65_536), b""))
