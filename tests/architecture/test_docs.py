"""The documentation tells the truth about what a machine can check: links, commands, variables, dependencies."""
import re
import subprocess
import sys

from tools import docs

from .rooms import ROOT


def test_links_between_pages_lead_somewhere():
    assert docs.broken_links() == []


def test_every_command_that_a_page_names_exists():
    assert docs.unknown_commands() == []


def test_every_dependency_has_its_line_of_reason():
    assert docs.unlisted_dependencies() == []


def test_every_environment_variable_is_explained():
    assert docs.unexplained_variables() == []


def test_the_commands_of_the_readme_are_those_that_run_lists():
    listed = subprocess.run([sys.executable, str(ROOT / "run")], capture_output=True, text=True, check=True).stdout
    for page in ("README.md", "README.id.md"):
        for command in re.findall(r"\./run ([a-z]+)", (ROOT / page).read_text(encoding="utf-8")):
            assert f"\n  {command} " in listed, f"{page} names ./run {command}"


def test_a_command_that_does_not_exist_is_refused_with_the_list():
    done = subprocess.run([sys.executable, str(ROOT / "run"), "fly"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "no such command: fly" in done.stderr
    assert "demo" in done.stdout


def test_decisions_have_all_their_parts():
    pages = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert len(pages) >= 10
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert re.match(rf"# {page.name[:4]} \S", text), page.name
        assert re.search(r"accepted|replaced", text.split("\n")[2], re.IGNORECASE) and re.search(r"20\d\d", text.split("\n")[2]), page.name
        for part in ("situation", "cho(ice|se)", "costs?", "turned down"):
            assert re.search(rf"^(## |\*\*).*\b{part}\b", text, re.MULTILINE | re.IGNORECASE), f"{page.name} lacks {part}"


def test_a_broken_link_would_be_found(tmp_path, monkeypatch):
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text("# A\n[gone](docs/gone.md) [here](#a) [far](docs/b.md#no-such)\n")
    (tmp_path / "docs/b.md").write_text("# B\n`[code](is/no/link)`\n")
    monkeypatch.setattr(docs, "ROOT", tmp_path)
    assert docs.broken_links() == ["README.md: there is no docs/gone.md", "README.md: docs/b.md has no heading for #no-such"]
