"""Imports point down: the contracts of importlinter.ini, kept without exceptions."""
import subprocess
import sys

from .rooms import ROOT, layers


def test_every_import_contract_is_kept():
    done = subprocess.run([sys.executable, "-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports('importlinter.ini'))"],
                          cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_contracts_have_no_exceptions():
    text = (ROOT / "importlinter.ini").read_text()
    assert "ignore_imports" not in text
    assert len(layers("foundation")) >= 7


def test_a_wrong_arrow_would_be_found(tmp_path):
    """The same contracts on a copy of the tree in which the lowest room imports the highest."""
    import shutil
    shutil.copytree(ROOT / "amanah", tmp_path / "amanah", ignore=shutil.ignore_patterns("static", "templates", "tests", "locale", "__pycache__"))
    shutil.copy(ROOT / "importlinter.ini", tmp_path)
    with (tmp_path / "amanah/foundation/kernel/clock.py").open("a") as clock:
        clock.write("\nimport amanah.foundation.access\n")
    done = subprocess.run([sys.executable, "-c", "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports;"
                                                 " sys.exit(lint_imports('importlinter.ini'))"],
                          cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Foundation rooms, in order BROKEN" in done.stdout
