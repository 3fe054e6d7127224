"""docs/how-to/first-change.md works: its steps are followed on a copy of the tree, and the copy's tests pass."""
import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.architecture.rooms import ROOT

UPKEEP = "amanah/portals/office/upkeep"
PAGE_TEST = """
import pytest
from django.urls import reverse
from .people import browser, text

pytestmark = pytest.mark.django_db


def test_residents_read_the_number_that_the_office_typed(city):
    city.roles["admin"].permissions.append("offices.set_phone")
    city.roles["admin"].save()
    page = reverse("office_upkeep_phone", args=["dinas"])
    answer = browser(city.admin).post(page, {"phone": "satu dua"})
    assert answer.status_code == 422 and "satu dua" in text(answer)
    assert browser(city.lurah).get(page).status_code == 404
    assert page in text(browser(city.admin).get(reverse("office_upkeep_office", args=["dinas"])))
    assert browser(city.admin).post(page, {"phone": "0751-123456"}).status_code == 302
    assert "0751 1234 56" in text(browser(city.warga).get(reverse("public_office", args=["dinas"])))
"""


@pytest.fixture
def copy(tmp_path):
    for folder in ("amanah", "cities", "tests", "tools"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "vendor"))
    for file in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / file, tmp_path)
    return tmp_path


def test_the_first_change_can_be_made_as_it_is_described(copy):
    blocks = re.findall(r"```(?:python)?\n(.*?)```", (ROOT / "docs/how-to/first-change.md").read_text(encoding="utf-8"), re.DOTALL)

    def block(part: str) -> str:
        found = [text for text in blocks if part in text]
        assert len(found) == 1, f"{len(found)} blocks with {part}"
        return found[0]

    def put(path: str, text: str, *, before: str = "") -> None:
        """Write a new file, add to the end of one, or put `text` where the page says, before a known word."""
        file = copy / path
        old = file.read_text(encoding="utf-8") if file.exists() else ""
        assert before in old, f"{path} no longer has {before}"
        file.write_text(old.replace(before, text + before, 1) if before else old + text, encoding="utf-8")

    put("amanah/registries/offices/tests/test_contact.py", block("def test_an_office_sets_its_own"))
    put("amanah/registries/offices/services/contact.py", block('@act("offices.set_phone"'))
    put("amanah/registries/offices/services/__init__.py", "from .contact import set_phone\n", before="from .demonstration")
    put("amanah/registries/offices/services/__init__.py", '"set_phone", ', before='"set_hours"')
    put(f"{UPKEEP}/forms.py", "\n\n" + block("class PhoneForm"))
    put(f"{UPKEEP}/views.py", "PhoneForm, ", before="GroupForm, HoursForm")
    put(f"{UPKEEP}/views.py", '"offices.set_phone", ', before='"offices.set_hours", "offices.register_official"')
    put(f"{UPKEEP}/views.py", "\n\n" + block("def phone(request"))
    put(f"{UPKEEP}/urls.py", block("views.phone, name="), before='    path("kantor/<slug:code>/jam/"')
    put("amanah/portals/office/templates/office/upkeep/office.html", block("Atur nomor telepon").strip(),
        before="""<a class="btn btn-outline-primary" href="{% url 'public_office'""")
    put("amanah/portals/office/tests/test_phone.py", PAGE_TEST)

    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "amanah/registries/offices/tests/test_contact.py",
               "amanah/portals/office/tests/test_phone.py"]
    env = {**{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}, "AMANAH_DATABASE_URL": "sqlite://"}
    done = subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert "7 passed" in done.stdout
