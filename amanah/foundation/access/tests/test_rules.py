from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from amanah.foundation.access import rules
from amanah.foundation.kernel.actor import Holding, Scope

DAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
LURAH = rules.RoleFacts("lurah", frozenset({"letters.sign", rules.giving("verifikator")}))
PENGELOLA = rules.RoleFacts("pengelola", frozenset({"access.open_account"}), frozenset({"access.grant"}))
HERE, THERE = Scope(office="kota.kec_a.kel_b", territory="13.71.04.1001"), Scope(office="kota.kec_c", territory="13.71.05")

days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
names = st.sampled_from(["a.read", "a.write", "b.read", "b.write", "c.sign"])
roles = st.builds(rules.RoleFacts, st.sampled_from(["x", "y", "z"]), st.frozensets(names), st.frozensets(names))
paths = st.sampled_from(["", "kota", "kota.a", "kota.a.b", "kota.ab", "kota.c"])
scopes = st.builds(Scope, paths, st.sampled_from(["", "13.71", "13.71.04", "13.71.04.1001", "13.71.05"]))
spans = st.builds(rules.Span, roles, scopes, days, st.none() | days, st.sampled_from(["role:x", "role:y", "mandate:7"]))


def span(role: rules.RoleFacts = LURAH, since: date = DAY, until: date | None = DAY, via: str = "role:lurah", scope: Scope = HERE) -> rules.Span:
    return rules.Span(role, scope, since, until, via)


def duty(start: datetime = NOON, minutes: int = 60) -> rules.Duty:
    return rules.Duty(3, start, start + timedelta(minutes=minutes))


def test_both_days_of_a_grant_count_and_the_days_around_it_do_not() -> None:
    for offset, held in ((-1, False), (0, True), (1, True), (2, False)):
        found = rules.effective([span(until=DAY + timedelta(days=1))], [], day=DAY + timedelta(days=offset), moment=NOON)
        assert bool(found) is held, offset


def test_without_a_duty_session_duty_permissions_are_not_there() -> None:
    [holding] = rules.effective([span(PENGELOLA)], [], day=DAY, moment=NOON)
    assert holding.permissions == {"access.open_account"} and holding.via == "role:lurah"


def test_a_running_duty_session_adds_its_permissions_and_marks_everything() -> None:
    found = rules.effective([span(PENGELOLA, via="role:pengelola"), span()], [duty()], day=DAY, moment=NOON)
    assert [holding.via for holding in found] == ["duty:3 role:pengelola", "duty:3 role:lurah"]
    assert "access.grant" in found[0].permissions and "access.grant" not in found[1].permissions


def test_a_duty_session_ends_on_the_minute() -> None:
    for minutes, running in ((-1, False), (0, True), (59, True), (60, False)):
        found = rules.effective([span(PENGELOLA)], [duty()], day=DAY, moment=NOON + timedelta(minutes=minutes))
        assert ("access.grant" in found[0].permissions) is running, minutes


@given(st.lists(spans, max_size=6), days)
def test_nothing_is_held_that_no_valid_span_gives(given_spans: list[rules.Span], day: date) -> None:
    for holding in rules.effective(given_spans, [], day=day, moment=NOON):
        assert any(s.holds_on(day) and s.role.permissions == holding.permissions and s.scope == holding.scope and s.via == holding.via for s in given_spans)


@given(st.lists(spans, max_size=6), days, st.sampled_from(sorted(["a.read", "a.write", "b.read", "b.write", "c.sign"])), scopes)
def test_one_more_span_never_takes_anything_away(given_spans: list[rules.Span], day: date, name: str, thing: Scope) -> None:
    def may(some: list[rules.Span]) -> bool:
        return any(name in h.permissions and h.scope.covers(thing) for h in rules.effective(some, [], day=day, moment=NOON))
    if may(given_spans[:-1]):
        assert may(given_spans)


@given(st.lists(spans, max_size=5), days, roles, scopes)
def test_whoever_may_give_a_role_by_holding_it_holds_every_permission_of_it_there(given_spans: list[rules.Span], day: date, role: rules.RoleFacts,
                                                                                  scope: Scope) -> None:
    holdings = rules.effective(given_spans, [], day=day, moment=NOON)
    if rules.may_give(holdings, role, scope):
        for permission in role.permissions | role.duty_permissions:
            assert any(permission in h.permissions and h.scope.covers(scope) for h in holdings)


def holding(*permissions: str, scope: Scope = HERE, via: str = "role:lurah") -> Holding:
    return Holding(frozenset(permissions), scope, via)


def test_the_right_to_give_one_role_gives_that_role_and_no_other() -> None:
    held = [holding(rules.giving("verifikator"))]
    assert rules.may_give(held, rules.RoleFacts("verifikator", frozenset({"a.read"})), HERE)
    assert not rules.may_give(held, rules.RoleFacts("camat", frozenset({"a.read"})), HERE)


def test_nothing_is_given_beyond_ones_own_scope() -> None:
    held = [holding(rules.giving("verifikator"), "a.read")]
    assert not rules.may_give(held, rules.RoleFacts("verifikator", frozenset({"a.read"})), THERE)
    assert not rules.may_give(held, rules.RoleFacts("verifikator", frozenset({"a.read"})), Scope(office="kota.kec_a", territory="13.71.04"))
    assert not rules.may_give(held, rules.RoleFacts("verifikator", frozenset({"a.read"})), Scope(office="", territory=""))


def test_what_was_lent_cannot_be_lent_on_not_even_in_a_duty_session() -> None:
    facts = rules.RoleFacts("verifikator", frozenset({"a.read"}))
    for via in ("mandate:12", "duty:3 mandate:12"):
        assert not rules.may_give([holding(rules.giving("verifikator"), "a.read", via=via)], facts, HERE)


def test_a_role_without_permissions_is_not_everybodys_to_give() -> None:
    assert not rules.may_give([holding("a.read")], rules.RoleFacts("kosong", frozenset()), HERE)


def test_a_grant_names_what_its_role_reaches_and_nothing_else() -> None:
    both, office, nothing = Scope("kota.a", "13.71"), Scope(office="kota.a", territory=""), Scope(office="", territory="")
    assert rules.missing_reach("city", nothing) == [] and rules.missing_reach("city", office) == ["office"]
    assert rules.missing_reach("office", office) == [] and rules.missing_reach("office", nothing) == ["office"]
    assert rules.missing_reach("both", both) == [] and rules.missing_reach("both", office) == ["territory"]
    assert rules.missing_reach("territory", both) == ["office"]


def test_a_way_round_is_found() -> None:
    assert rules.open_chains({"admin": ["kepala"], "kepala": ["camat"]}) == [("admin", "kepala", "camat")]
    assert rules.open_chains({"admin": ["kepala", "camat"], "kepala": ["camat"]}) == []


def test_staff_evaluators_and_partners_need_two_proofs_and_residents_do_not() -> None:
    assert rules.strong_enough("resident", rules.PASSWORD)
    for kind in ("staff", "evaluator", "partner"):
        assert not rules.strong_enough(kind, rules.PASSWORD) and rules.strong_enough(kind, rules.MFA)
