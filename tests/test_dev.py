import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def dev(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / "dev", *arguments], capture_output=True, text=True, check=False, timeout=30)


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",), ("lint", "--help"), ("test", "-h")])
def test_help_names_every_word(arguments: tuple[str, ...]) -> None:
    answer = dev(*arguments)
    assert answer.returncode == 0
    assert all(f"./dev {word}" in answer.stdout for word in ("run", "test", "lint", "front", "bench", "lock"))


def test_an_unknown_word_gets_a_sentence() -> None:
    answer = dev("rnu")
    assert answer.returncode == 2
    assert "knows no 'rnu'" in answer.stderr
    assert not answer.stdout


@pytest.mark.parametrize("word", ["lint", "front"])
def test_some_words_take_no_arguments(word: str) -> None:
    assert dev(word, "tests").returncode == 2


@pytest.mark.parametrize("script", ["dev", ".ci/run"])
def test_scripts_can_be_started(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_pin_of_a_lock_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    pins = [block for block in text.split("\n") if block and not block.startswith((" ", "#"))]
    assert pins
    assert all("==" in pin and pin.endswith("\\") for pin in pins)
    assert "://" not in text


def test_the_lock_for_development_holds_the_other_one() -> None:
    run, develop = ((ROOT / lock).read_text().splitlines() for lock in ("requirements.lock", "requirements-dev.lock"))
    assert {line for line in run if "==" in line} <= set(develop)
