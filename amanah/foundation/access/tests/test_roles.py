from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from amanah.foundation.access import catalogue
from amanah.foundation.access.models import Role
from amanah.foundation.access.roles import load_roles
from amanah.foundation.acts.registry import PERMISSIONS
from amanah.foundation.audit.models import Entry
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Invalid, Refused

from . import factories as make

LOADER = Actor.system("test")
LURAH = """
lurah:
  name: Lurah
  description: Memimpin satu kelurahan.
  kind: staff
  reach: both
  permissions: [access.read]
"""


def folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "roles.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def mistakes(tmp_path: Path, text: str) -> dict[str, object]:
    with pytest.raises(Invalid) as caught:
        catalogue.read(folder(tmp_path, text) / "roles.yaml", PERMISSIONS)
    return caught.value.details


def test_the_citys_own_roles_are_without_mistakes_and_name_only_what_exists() -> None:
    roles = {role.code: role for role in catalogue.read(settings.CITY_DIR / "roles.yaml", PERMISSIONS)}
    assert {"warga", "lurah", "camat", "kepala_opd", "admin_opd", "wali_kota", "sekda", "inspektorat_auditor", "pelindung_data", "evaluator",
            "mitra_bank", "pengelola_aplikasi", "operator_112", "verifikator_kelurahan"} <= roles.keys()
    assert all(role.example and role.example.name.endswith("Contoh") for role in roles.values())


def test_handing_out_roles_across_the_city_needs_a_duty_session() -> None:
    roles = {role.code: role for role in catalogue.read(settings.CITY_DIR / "roles.yaml", PERMISSIONS)}
    for role in roles.values():
        if role.reach == "city":
            assert not {"access.grant", "access.close_account", "access.reset_proofs", "access.register_client"} & set(role.permissions), role.code


def test_a_misspelt_permission_is_refused_with_the_word_that_was_meant(tmp_path: Path) -> None:
    assert mistakes(tmp_path, LURAH.replace("access.read", "acces.read")) == {"lurah.permissions": 'tidak ada "acces.read"; maksudnya "access.read"?'}


def test_misspelt_fields_kinds_and_reaches_are_refused(tmp_path: Path) -> None:
    found = mistakes(tmp_path, LURAH.replace("reach: both", "reach: bothh").replace("kind: staff", "kind: staf").replace("description", "descripton"))
    assert set(found) == {"lurah.reach", "lurah.kind", "lurah.descripton", "lurah.description"}


def test_a_role_that_could_be_reached_by_way_of_a_friend_is_refused(tmp_path: Path) -> None:
    text = LURAH + "  may_grant: [admin]\nadmin: {name: A, description: A, kind: staff, reach: city, may_grant: [bos]}\n" \
                   "bos: {name: B, description: B, kind: staff, reach: city, permissions: [access.read]}\n"
    assert list(mistakes(tmp_path, text)) == ["lurah.may_grant"]


@pytest.mark.django_db
def test_loading_twice_changes_nothing_and_an_edit_changes_one(tmp_path: Path) -> None:
    assert load_roles(LOADER, folder=folder(tmp_path, LURAH))["added"] == 1
    before = Role.objects.get(code="lurah").digest
    assert load_roles(LOADER, folder=folder(tmp_path, LURAH)) == {"added": 0, "changed": 0, "unchanged": 1, "retired": 0}
    assert load_roles(LOADER, folder=folder(tmp_path, LURAH.replace("[access.read]", "[]")))["changed"] == 1
    assert Role.objects.get(code="lurah").digest != before
    assert Entry.objects.filter(deed="access.load_roles").count() == 3


@pytest.mark.django_db
def test_a_role_that_left_the_file_gives_nothing_any_more_but_stays_readable(tmp_path: Path) -> None:
    load_roles(LOADER, folder=folder(tmp_path, LURAH + "\nlama: {name: Lama, description: L, kind: staff, reach: office, permissions: [access.read]}\n"))
    person = make.account()
    make.granted(person, Role.objects.get(code="lama"), office="kota.a")
    assert make.acting(person).holds("access.read")
    assert load_roles(LOADER, folder=folder(tmp_path, LURAH))["retired"] == 1
    assert not make.acting(person).holds("access.read")
    assert person.grants.get().role.name == "Lama"


@pytest.mark.django_db
def test_a_mistake_changes_nothing_at_all(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        load_roles(LOADER, folder=folder(tmp_path, LURAH + "\nsalah: {name: Salah}\n"))
    assert not Role.objects.exists()


@pytest.mark.django_db
def test_only_a_holder_loads_roles(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        load_roles(make.acting(make.account()), folder=folder(tmp_path, LURAH))


@pytest.mark.django_db
def test_the_command_says_what_it_did_and_what_is_wrong(tmp_path: Path, settings: object, capsys: pytest.CaptureFixture[str]) -> None:
    settings.CITY_DIR = folder(tmp_path, LURAH)  # type: ignore[attr-defined]
    call_command("access_load_roles")
    assert "1 added" in capsys.readouterr().out
    folder(tmp_path, LURAH.replace("access.read", "access.reed"))
    with pytest.raises(CommandError, match=r"roles\.yaml: lurah\.permissions"):
        call_command("access_load_roles")
