"""The commands behind `./run`: they find what they look for, refuse what they must, and never call a failure a success."""
import os
import subprocess
import sys
from collections import Counter

import pytest
from django.core.management import call_command

from tools import lint, serve
from tools import test as suite

from .architecture.rooms import ROOT

REPORT = """<testsuites><testsuite>
<testcase name="a"/><testcase name="b"/>
<testcase name="c"><skipped message="no PostgreSQL here"/></testcase>
<testcase name="d"><failure message="x"/></testcase>
<testcase name="e"><error message="y"/></testcase>
</testsuite></testsuites>"""


def production(**change):
    """The environment of a production start that only lacks what a test takes away."""
    given = {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "amanah.settings", "AMANAH_MODE": "production",
        "AMANAH_SECRET_KEY": "s" * 48, "AMANAH_AUDIT_KEY": "a" * 48, "AMANAH_AUDIT_CHECKPOINT_KEY": "c" * 48,
        "AMANAH_SEAL_KEY": "e" * 48, "AMANAH_LOOKUP_KEY": "l" * 48, "AMANAH_WORKERS": "1",
        "AMANAH_SITE_URL": "https://layanan.example.go.id", "AMANAH_HOSTS": "layanan.example.go.id",
    }
    return {name: value for name, value in {**given, **change}.items() if value is not None}


def start(env):
    command = [sys.executable, "-m", "tools.serve", "--port", "1"]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=60)


def test_what_pytest_counted_is_what_we_say(tmp_path):
    (tmp_path / "report.xml").write_text(REPORT)
    run = suite.Run("SQLite", 1, 3.0)
    suite.count(run, tmp_path / "report.xml")
    assert run.counts == Counter(passed=2, skipped=1, failed=2)
    assert run.reasons == Counter({"no PostgreSQL here": 1})


@pytest.mark.parametrize(("code", "missing", "strict", "expected"), [
    (0, [], False, 0), (1, [], False, 1), (0, ["PostgreSQL: none"], False, 0), (0, ["PostgreSQL: none"], True, 1), (0, [], True, 0)])
def test_the_exit_code_is_honest(monkeypatch, capsys, code, missing, strict, expected):
    monkeypatch.setattr(suite, "STRICT", strict)
    assert suite.tell([suite.Run("SQLite", code, 1.0, Counter(passed=1, failed=code))], missing) == expected
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2:] == ["databases: SQLite", f"1 passed, {code} failed, 0 skipped"]
    assert any("not run - PostgreSQL: none" in line for line in lines) == bool(missing)


def test_a_postgresql_that_was_named_but_does_not_answer_is_not_replaced_by_another(monkeypatch, capsys):
    monkeypatch.setenv("AMANAH_TEST_POSTGRES", "postgres://nobody@127.0.0.1:1/none")
    assert suite.find_postgres() == ("", "")
    assert "does not answer" in capsys.readouterr().err


@pytest.mark.parametrize("text", [
    "see /" + "home/somebody/notes", "--index-url https://mirror.example/simple", "https://files." + "pythonhosted.org/x"])
def test_lint_finds_what_is_true_on_one_machine_only(tmp_path, monkeypatch, text):
    (tmp_path / "page.md").write_text(f"first\n{text}\n")
    monkeypatch.setattr(lint, "ROOT", tmp_path)
    monkeypatch.setattr(lint, "tracked", lambda: ["page.md"])
    assert not lint.addresses()
    (tmp_path / "page.md").write_text("see docs/home/page and https://example.go.id/work/x\n")
    assert lint.addresses()


def test_lint_finds_a_secret(tmp_path, monkeypatch, capsys):
    (tmp_path / lint.BASELINE).write_text((ROOT / lint.BASELINE).read_text())
    (tmp_path / "settings.yaml").write_text("aws: AKIA" + "Q7ZP2JX5K4M3N6RT\n")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    monkeypatch.setattr(lint, "ROOT", tmp_path)
    assert not lint.secrets()
    assert "settings.yaml:1: AWS Access Key" in capsys.readouterr().out


@pytest.mark.parametrize(("change", "word"), [
    ({"AMANAH_SECRET_KEY": None}, "AMANAH_SECRET_KEY_FILE"),
    ({"AMANAH_DEBUG": "1"}, "AMANAH_DEBUG"),
    ({"AMANAH_DEMO_SIGN_IN": "1"}, "AMANAH_DEMO_SIGN_IN"),
    ({"AMANAH_WORKERS": "2"}, "AMANAH_DATABASE_URL"),
    ({"AMANAH_HOSTS": "*"}, "AMANAH_HOSTS"),
    ({"AMANAH_WORKERS": "many"}, "whole number"),
])
def test_an_unsafe_start_is_refused_with_a_sentence(tmp_path, change, word):
    done = start(production(AMANAH_VAR=str(tmp_path), **change))
    assert done.returncode == 1
    assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_a_start_on_an_empty_database_is_refused(tmp_path):
    done = start(production(AMANAH_VAR=str(tmp_path)))
    assert done.returncode == 1
    assert "migrations were not applied" in done.stderr
    assert "createcachetable" in done.stderr


def test_the_web_server_runs_as_many_processes_as_were_asked_for():
    command = serve.granian("0.0.0.0", 8000, 3)
    assert command[command.index("--workers") + 1] == "3"
    assert command[-1] == "amanah.wsgi:application"


def test_the_static_files_name_only_files_that_are_there(settings, tmp_path):
    """What a production start would stumble over, without the time that compressing takes."""
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    assert (tmp_path / "staticfiles.json").exists()
