"""Every page, and who gets in. A new address needs its line here, or `test_urls_by_role.py` fails.

Roles are those of the demonstration; `NOBODY` is a visitor who has not signed in. The table states them by name on purpose: whoever changes
what a role may open changes it here as well, in the same commit.
"""
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from amanah.foundation.access.models import Account, Grant
from amanah.foundation.kernel import clock
from amanah.registries.offices.models import Appointment, Position
from amanah.registries.people.models import Event, Extract, Family, Pair, Person, Tie
from amanah.registries.people.queries.looks import looks
from amanah.registries.people.services import ties
from amanah.registries.people.tests import factories as people
from amanah.registries.territory.models import Territory

NOBODY = "nobody"
RESIDENTS = {"warga"}
STAFF = {"verifikator_kelurahan", "lurah", "camat", "kepala_opd", "admin_opd", "operator_112", "wali_kota", "sekda", "inspektorat_auditor",
         "pelindung_data", "pengelola_aplikasi", "operator_data", "ketua_rw"}
OTHERS = {"evaluator", "mitra_bank"}
SIGNED_IN = RESIDENTS | STAFF | OTHERS
EVERYBODY = SIGNED_IN | {NOBODY}


@dataclass(frozen=True)
class Page:
    """One address. `to` gets `answers`; others who are signed in get `refused`, a visitor gets `visitor` (302: led to `leads_to`).

    `seen` may know that the thing is there, but not do this with it: they get 403. `args` may be a function, called when the city is loaded.
    """

    name: str
    to: set[str]
    args: dict[str, object] | Callable[[], dict[str, object]] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    method: str = "get"
    answers: int = 200
    seen: set[str] = field(default_factory=set)
    conflict: set[str] = field(default_factory=set)  # who may, but too late: 409
    refused: int = 403
    visitor: int = 302
    leads_to: str = "account_login"
    found_on: str = ""  # the page that leads here, for a browser, which cannot look up `args` in the database
    why: str = ""  # where the answer would surprise a reader


def public(name: str, **given: object) -> Page:
    """A page that anybody may open."""
    return Page(name, EVERYBODY, **given)  # type: ignore[arg-type]


def own(name: str, **given: object) -> Page:
    """A page about oneself: everybody who is signed in; visitors are led to sign-in."""
    return Page(name, SIGNED_IN, **given)  # type: ignore[arg-type]


def before(name: str, **given: object) -> Page:
    """A page for those who have not signed in yet; others are led home."""
    return Page(name, {NOBODY}, **{"refused": 302, **given})  # type: ignore[arg-type]


SHELL = (
    public("shell_display", method="post", answers=302),
    public("shell_gallery"),
    public("shell_offline"),
    public("shell_healthz"),
    public("shell_readyz"),
    public("shell_manifest"),
    public("shell_service_worker"),
    public("shell_robots"),
    own("shell_file", args={"file": UUID(int=0)}, answers=404, why="no such file"),
    public("shell_receipt", args={"channel": "sms"}, method="post", answers=404, why="no provider's key is configured"),
    public("shell_security_txt", answers=404, why="the city has named no address for security reports yet"),
)

PUBLIC = (
    public("public_home"),
    public("public_serving"),
    public("public_offices"),
    public("public_office", args={"code": "disdukcapil"}),
    public("public_territories"),
    public("public_territory", args={"code": "13.71.11"}),
    public("public_map"),
    public("public_map_data", args={"level": "kelurahan"}),
    public("public_population"),
    public("public_population_of", args={"code": "13.71.11"}),
    public("public_population_csv"),
    public("public_purposes"),
)

NO_PASSWORD = "the accounts of the demonstration have no password and no second proof to repeat"
NOT_THEIRS = "there is none of theirs"
NOT_CONFIGURED = "no other house is configured"
SIGN_IN = (
    before("account_login"),
    before("account_signup"),
    public("signin_demo", args={"role": "tidak_ada"}, method="post", answers=404, why="there is no such role; this table signs in with the others"),
    own("account_logout", leads_to="public_home"),
    public("account_inactive"),
    own("account_reauthenticate", answers=403, why=NO_PASSWORD),
    own("account_email"),
    public("account_email_verification_sent"),
    public("account_confirm_email", args={"key": "x"}, why="says that the link is stale"),
    own("account_change_password", answers=302, why=NO_PASSWORD),
    own("account_set_password"),
    public("account_reset_password"),
    public("account_reset_password_done"),
    public("account_reset_password_from_key", args={"uidb36": "1", "key": "x"}, why="says that the link is stale"),
    public("account_reset_password_from_key_done"),
    own("mfa_index"),
    own("mfa_authenticate", answers=302, why="a step of sign-in: there is none under way"),
    own("mfa_reauthenticate", answers=403, why=NO_PASSWORD),
    own("mfa_activate_totp"),
    own("mfa_deactivate_totp", answers=404, why=NOT_THEIRS),
    own("mfa_view_recovery_codes", answers=404, why=NOT_THEIRS),
    own("mfa_generate_recovery_codes"),
    own("mfa_download_recovery_codes", answers=404, why=NOT_THEIRS),
    own("mfa_list_webauthn"),
    own("mfa_add_webauthn"),
    own("mfa_login_webauthn", answers=302, why="a step of sign-in: there is none under way"),
    own("mfa_reauthenticate_webauthn", answers=403, why=NO_PASSWORD),
    own("mfa_edit_webauthn", args={"pk": 1}, answers=404, why=NOT_THEIRS),
    own("mfa_remove_webauthn", args={"pk": 1}, answers=404, why=NOT_THEIRS),
    own("usersessions_list"),
    own("socialaccount_connections"),
    public("socialaccount_login_cancelled"),
    public("socialaccount_login_error", answers=401, why="the page that says that the other house did not let them in"),
    public("socialaccount_signup", answers=302, why=NOT_CONFIGURED),
    public("openid_connect_login", args={"provider_id": "oidc"}, method="post", answers=404, why=NOT_CONFIGURED),
    public("openid_connect_callback", args={"provider_id": "oidc"}, answers=404, why=NOT_CONFIGURED),
)

AUDITORS = {"inspektorat_auditor", "pelindung_data"}
OFFICE = (
    Page("office_home", STAFF | OTHERS, refused=302, why="residents are led to their own page"),
    Page("office_inbox", STAFF | OTHERS, refused=404),
    Page("office_inbox_read", STAFF | OTHERS, args={"message": UUID(int=0)}, method="post", answers=404, refused=404, why="no such message"),
    Page("office_inbox_read_all", STAFF | OTHERS, method="post", answers=302, refused=404, why="marks them, and leads back"),
    Page("office_trail", AUDITORS, refused=404, visitor=404),
    Page("office_checkpoint", {"inspektorat_auditor"}, method="post", answers=302, visitor=403, why="signs, and leads back to the trail"),
    Page("office_queue", {"pengelola_aplikasi"}, refused=404, visitor=404),
    Page("office_outbox", {"pengelola_aplikasi"}, refused=404, visitor=404),
    Page("office_calls", {"pengelola_aplikasi"}, refused=404, visitor=404),
    Page("office_queue_retry", set(), method="post", refused=422, visitor=422, why="names no piece of work"),
)


def verifier() -> dict[str, object]:
    """The account of the verifier at one kelurahan."""
    return {"pk": Account.objects.get(username="demo.verifikator_kelurahan").pk}


def seat() -> dict[str, object]:
    """The head's seat of an office at whose other pages this table looks."""
    return {"pk": Position.objects.get(office__code="diskominfo", is_head=True).pk}


def held() -> dict[str, object]:
    """The appointment to that seat."""
    return {"pk": Appointment.objects.get(position__office__code="diskominfo", position__is_head=True).pk}


READ_ACCOUNTS = {"lurah", "camat", "kepala_opd", "admin_opd", "wali_kota", "sekda", "inspektorat_auditor", "pelindung_data", "pengelola_aplikasi"}
OF_THAT_KELURAHAN = {"lurah", "camat"}
REACH_IT = READ_ACCOUNTS - {"kepala_opd", "admin_opd"}  # these two read the accounts of their own offices only
ON_DUTY = "asked outside a duty session, which alone gives this"


def desk(name: str, to: set[str], **given: object) -> Page:
    """A staff page: visitors sign in first, others find no page."""
    return Page(name, to, **{"refused": 404, **given})  # type: ignore[arg-type]


ACCOUNTS = (
    desk("office_accounts", READ_ACCOUNTS),
    desk("office_account_open", {"admin_opd", "pengelola_aplikasi"}),
    desk("office_account", REACH_IT | {"verifikator_kelurahan"}, args=verifier, found_on="office_accounts"),
    desk("office_account_invite", set(), args=verifier, method="post", seen=REACH_IT - {"pengelola_aplikasi"}, conflict={"pengelola_aplikasi"}),
    desk("office_account_close", set(), args=verifier, seen=REACH_IT, why=ON_DUTY),
    desk("office_account_reopen", set(), args=verifier, seen=REACH_IT, why=ON_DUTY),
    desk("office_account_proofs", set(), args=verifier, seen=REACH_IT, why=ON_DUTY),
    desk("office_account_grant", set(), args=verifier, seen=REACH_IT, why=ON_DUTY),
    desk("office_account_mandate", {"lurah", "camat", "wali_kota", "sekda"}, args=verifier, seen=REACH_IT, found_on="office_account"),
    desk("office_grant_revoke", set(), args={"pk": 0}, why="no such grant"),
    desk("office_mandates", READ_ACCOUNTS),
    desk("office_mandate_end", set(), args={"pk": 0}, why="no such mandate"),
    desk("office_duty", READ_ACCOUNTS),
    desk("office_duty_end", set(), args={"pk": 0}, method="post", why="no such session"),
)
UPKEEP = (
    desk("office_positions", {"sekda"}),
    desk("office_upkeep", {"admin_opd", "camat", "kepala_opd", "lurah", "sekda", "wali_kota"}),
    desk("office_upkeep_office", {"admin_opd", "sekda", "wali_kota"}, args={"code": "diskominfo"}),
    desk("office_upkeep_hours", {"admin_opd", "sekda"}, args={"code": "diskominfo"}),
    desk("office_upkeep_position", {"sekda"}, args={"code": "diskominfo"}),
    desk("office_upkeep_official", {"admin_opd", "sekda"}, args={"code": "diskominfo"}),
    desk("office_upkeep_appoint", {"sekda", "wali_kota"}, args=seat, found_on="office_upkeep_office"),
    desk("office_upkeep_end", {"sekda", "wali_kota"}, args=held, found_on="office_upkeep_office"),
    desk("office_upkeep_kelurahan", OF_THAT_KELURAHAN, args={"code": "13.71.11.1009"}),
    desk("office_upkeep_rw", OF_THAT_KELURAHAN, args={"code": "13.71.11.1009"}),
    desk("office_upkeep_rt", set(), args={"code": "13.71.11.1009"}, why="an RT is added to an RW, not to a kelurahan"),
    desk("office_upkeep_many", OF_THAT_KELURAHAN, args={"code": "13.71.11.1009"}),
    desk("office_upkeep_close", set(), args={"code": "13.71.11.1009"}, why="RW and RT are closed here, not a kelurahan"),
)
STRUCTURE = (
    desk("office_structure", {"pengelola_aplikasi"}),
    desk("office_structure_open", set(), why=ON_DUTY),
    desk("office_structure_office", set(), args={"code": "diskominfo"}, why=ON_DUTY),
    desk("office_structure_rename", set(), args={"code": "diskominfo"}, why=ON_DUTY),
    desk("office_structure_close", set(), args={"code": "diskominfo"}, why=ON_DUTY),
    desk("office_structure_officials", set(), why=ON_DUTY),
    desk("office_structure_link", set(), args={"pk": 1}, why=ON_DUTY),
    desk("office_structure_territories", set(), why=ON_DUTY),
    desk("office_structure_territory", set(), args={"code": "13.71.11.1009"}, why=ON_DUTY),
    desk("office_structure_clients", set(), why=ON_DUTY),
    desk("office_structure_client_register", set(), why=ON_DUTY),
    desk("office_structure_client_remove", set(), args={"pk": "x"}, why=ON_DUTY),
)
READERS = {"verifikator_kelurahan", "lurah", "camat", "operator_data"}
ASKED_FIRST = "asks first for what the data is looked at, and leads back"


def family() -> dict[str, object]:
    """A family in the kelurahan of the demonstration's officials."""
    found = Family.objects.filter(address="Jalan Contoh 1").first()
    return {"pk": (found or people.family(Territory.objects.filter(code__startswith="13.71.11.1009.", level="rt").order_by("code")[0])).pk}


def person() -> dict[str, object]:
    """Its head."""
    return {"pk": Person.objects.get(family=family()["pk"], relation=1).pk}


def event() -> dict[str, object]:
    """How the head came into the register."""
    return {**person(), "event": Event.objects.get(person=person()["pk"]).pk}


def rw() -> dict[str, object]:
    """The RW of the demonstration's head of an RW."""
    return {"pk": Territory.objects.get(code=Grant.objects.get(role__code="ketua_rw").territory).pk}


REGISTER = (
    desk("office_register_purpose", READERS),
    *(desk(f"office_register{name}", READERS, answers=302, why=ASKED_FIRST) for name in ("", "_roster", "_unconfirmed", "_doubtful")),
    desk("office_register_suggest", READERS, method="post", answers=302, why=ASKED_FIRST),
    desk("office_register_download", {"lurah", "operator_data"}, method="post", answers=422, why="names no purpose"),
    desk("office_register_open_family", READERS, answers=302, why=ASKED_FIRST),
    desk("office_register_family", READERS, args=family, answers=302, why=ASKED_FIRST),
    desk("office_register_open_number", READERS, args=family, method="post", answers=302, why=ASKED_FIRST),
    *(desk(f"office_register_{act}", READERS, args=family, answers=302, why=ASKED_FIRST) for act in (
        "record_birth", "record_stillbirth", "record_death", "register_arrival", "split_family", "move_family", "move_out", "change_head",
        "merge_families", "change_number")),
    desk("office_register_person", READERS, args=person, answers=302, why=ASKED_FIRST),
    desk("office_register_open", READERS, args=person, method="post", answers=302, why=ASKED_FIRST),
    *(desk(f"office_register_{act}", READERS, args=person, answers=302, why=ASKED_FIRST) for act in (
        "update", "record_marriage", "record_divorce", "record_parents", "change_name", "correct")),
    desk("office_register_undo_event", READERS, args=event, answers=302, why=ASKED_FIRST),
    desk("office_register_rws", READERS | {"ketua_rw"}),
    desk("office_register_rw", READERS | {"ketua_rw"}, args=rw),
)
OF_ITS_PLACE = {"verifikator_kelurahan", "lurah", "operator_data"}


def tied() -> dict[str, object]:
    """Makes sure that the demonstration's resident is tied to an entry of her own, and has looked at it; no argument comes of it."""
    account = Account.objects.get(username="demo.warga")
    if not Tie.objects.filter(account=account.pk).exists():
        ties.tie(people.SYSTEM, Person.objects.get(pk=person()["pk"]), account=account, how="demo")
    return {}


def trace() -> dict[str, object]:
    """Something that the record knows about her: how she was tied."""
    tied()
    return {"key": looks(Tie.objects.get(account=Account.objects.get(username="demo.warga").pk).person).rows[0].key}


PRIVACY = (
    desk("office_privacy", {"lurah", "operator_data", "pelindung_data"}),
    desk("office_privacy_answered", {"lurah", "operator_data", "pelindung_data"}),
    desk("office_privacy_openings", {"pelindung_data"}),
    desk("office_privacy_processing", {"lurah", "operator_data", "pelindung_data"}),
    desk("office_privacy_delete", {"pelindung_data"}, method="post", answers=302, why="deletes what is over, and leads back"),
    desk("office_privacy_request", set(), args={"pk": 0}, why="no such request"),
    desk("office_tie", OF_ITS_PLACE, args=person),
    desk("office_untie", OF_ITS_PLACE, args=person),
)
def doubtful() -> dict[str, object]:
    """Two invented entries that may be one person."""
    place = people.rt(people.territories()) if not Territory.objects.filter(level="rt").exists() else Territory.objects.filter(level="rt").order_by("pk")[0]
    first, second = (people.head_of(people.family(place, head="Rina Contoh")) for _entry in range(2))
    pair = Pair.objects.get_or_create(first=first, second=second, defaults={
        "probability": 0.99, "reasons": [["name", "same"]], "origin": "match", "found_at": clock.now()})[0]  # the write path may have found it
    return {"pk": pair.pk}


def extract(state: str = "uploaded") -> Callable[[], dict[str, object]]:
    """An extract whose file is not kept any more."""
    def made() -> dict[str, object]:
        return {"pk": Extract.objects.create(source=people.master(), name="contoh.csv", digest="0" * 64, position=clock.today(), state=state, by="account:1",
                                             at=clock.now()).pk}
    return made


EXTRACTS = (
    desk("office_extracts", {"operator_data"}),
    desk("office_extract", {"operator_data"}, args=extract()),
    desk("office_extract_columns", {"operator_data"}, args=extract(), method="post", answers=302, why="leads back"),
    desk("office_extract_check", {"operator_data"}, args=extract(), method="post", answers=302, why="leads back"),
    desk("office_extract_load", {"operator_data"}, args=extract("done"), method="post", answers=302, why="loaded already; leads back"),
    desk("office_extract_undo", {"operator_data"}, args=extract("done")),
)
PAIRS = (
    desk("office_pairs", {"operator_data"}),
    desk("office_pairs_find", {"operator_data"}, method="post", answers=302, why="asks the worker, and leads back"),
    desk("office_pair", {"operator_data"}, args=doubtful, found_on="office_pairs"),
    desk("office_pair_undo", {"operator_data"}, args=doubtful, answers=409, why="not decided yet"),
)
CITIZEN = (
    own("citizen_mine", answers=302, why="leads everybody to their own first page"),
    Page("citizen_home", RESIDENTS, refused=302, why="staff are led to their desk"),
    Page("citizen_read", RESIDENTS, args={"message": UUID(int=0)}, method="post", answers=404, refused=302, why="no such message"),
    Page("citizen_read_all", RESIDENTS, method="post", answers=302, refused=302, why="marks them, and leads back; staff are led to their desk"),
    Page("citizen_trail", RESIDENTS, refused=302, why="staff are led to their desk"),
    Page("citizen_data", RESIDENTS, refused=302, why="staff are led to their desk"),
    Page("citizen_requests", RESIDENTS, refused=302, why="staff are led to their desk"),
    Page("citizen_phone", RESIDENTS, refused=302, why="staff are led to their desk"),
    Page("citizen_looked", RESIDENTS, args=tied, refused=302, found_on="citizen_home"),
    Page("citizen_data_open", RESIDENTS, args=tied, method="post", answers=422, refused=302, why="names no number"),
    Page("citizen_question", RESIDENTS, args=trace, refused=302, found_on="citizen_looked"),
    Page("citizen_correct", RESIDENTS, args=tied, refused=302, found_on="citizen_data"),
    Page("citizen_copy", RESIDENTS, args=tied, method="post", answers=302, refused=302, why="asks for it, and leads back"),
    Page("citizen_restrict", RESIDENTS, args=tied, refused=302, found_on="citizen_data"),
)

PAGES = (*SHELL, *PUBLIC, *SIGN_IN, *OFFICE, *ACCOUNTS, *UPKEEP, *STRUCTURE, *PRIVACY, *REGISTER, *EXTRACTS, *PAIRS, *CITIZEN)
