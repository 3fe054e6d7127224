from pathlib import Path

import pytest

from amanah.foundation.kernel import environment as env
from amanah.foundation.kernel.environment import Misconfigured

NAME = "AMANAH_TEST_VALUE"


@pytest.fixture
def given(monkeypatch):
    monkeypatch.delenv(NAME, raising=False)
    monkeypatch.delenv(f"{NAME}_FILE", raising=False)
    return lambda value, name=NAME: monkeypatch.setenv(name, str(value))


def test_what_is_not_set_has_its_default(given):
    assert env.text(NAME, default="x") == "x"
    assert env.flag(NAME, default=True) is True
    assert env.number(NAME, default=3) == 3
    assert env.choice(NAME, ("a", "b"), default="b") == "b"
    assert env.words(NAME, default=["x"]) == ["x"]


@pytest.mark.parametrize(("written", "meant"), [("1", True), ("on", True), ("TRUE", True), ("0", False), ("no", False)])
def test_a_flag_is_one_or_zero(given, written, meant):
    given(written)
    assert env.flag(NAME, default=not meant) is meant


@pytest.mark.parametrize(("read", "wrong"), [
    (lambda: env.flag(NAME, default=False), "maybe"), (lambda: env.number(NAME, default=1), "many"), (lambda: env.number(NAME, default=9, least=5), "4"),
    (lambda: env.choice(NAME, ("demo", "test"), default="demo"), "prod"), (lambda: env.secret(NAME, default=""), "short"),
    (lambda: env.database(NAME, default=""), "mysql://x/y"),
])
def test_a_wrong_value_stops_the_start_with_the_name_of_the_variable(given, read, wrong):
    given(wrong)
    with pytest.raises(Misconfigured, match=NAME):
        read()


def test_a_secret_is_long_and_never_repeated_in_the_complaint(given):
    assert env.secret(NAME, default="") == ""
    given("terlalu-pendek")
    with pytest.raises(Misconfigured) as caught:
        env.secret(NAME, default="")
    assert "terlalu-pendek" not in str(caught.value)


def test_a_secret_may_come_from_a_file(given, tmp_path):
    file = tmp_path / "secret"
    file.write_text("s" * 40 + "\n")
    given(file, f"{NAME}_FILE")
    assert env.secret(NAME, default="") == "s" * 40
    given(tmp_path / "missing", f"{NAME}_FILE")
    with pytest.raises(Misconfigured, match="cannot be read"):
        env.secret(NAME, default="")


def test_words_are_parted_by_commas_and_spaces(given):
    given("a.id, b.id c.id")
    assert env.words(NAME, default=[]) == ["a.id", "b.id", "c.id"]


def test_a_folder_is_made(given, tmp_path):
    given(tmp_path / "a" / "b")
    assert env.folder(NAME, default=Path("/nowhere")).is_dir()


def test_databases(given):
    given("postgres://amanah:s%40ndi@db.local:5433/kota%20kita?sslmode=require")  # pragma: allowlist secret
    made = env.database(NAME, default="")
    assert (made["USER"], made["PASSWORD"], made["HOST"], made["PORT"], made["NAME"]) == ("amanah", "s@ndi", "db.local", "5433", "kota kita")
    assert made["OPTIONS"]["sslmode"] == "require" and "jit=off" in made["OPTIONS"]["options"]
    given("sqlite:////var/lib/amanah.sqlite3")
    made = env.database(NAME, default="")
    assert made["NAME"] == "/var/lib/amanah.sqlite3" and made["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "recursive_triggers=ON" in made["OPTIONS"]["init_command"]
