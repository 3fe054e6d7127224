"""The acts of this room: accounts, grants, mandates, duty sessions, roles and clients of our sign-in.

Two rules stand above every scope: nobody hands out what they may not hand out there (`rules.may_give`), and nobody hands anything to themselves.
"""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Client, Token
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanah.foundation.access import rules
from amanah.foundation.access.models import Account, DutySession, Grant, Kind, Mandate, MandateKind, Role
from amanah.foundation.access.passwords import first_password_link
from amanah.foundation.acts import act, emit
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor, Scope
from amanah.foundation.kernel.errors import Conflict, Invalid, Refused


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is to be given or opened: hand it to an act in place of a row that does not exist yet."""

    scope: Scope


# ---------------------------------------------------------------- accounts

@act("access.open_account", title=gettext_lazy("Membuka akun"), says=gettext_lazy("{actor} membuka akun {subject}"), creates=True,
     emits=("access.account_opened",))
def open_account(actor: Actor, place: Place, *, name: str, kind: str, username: str = "", email: str = "", language: str = "id") -> Account:
    """Open an account for somebody, without a password and without any role.

    `place.scope.office` is the office whose administrators look after it. Raises Invalid for a name, username or e-mail that does not fit,
    Conflict when the username or e-mail is taken.
    """
    username, email = username.strip().lower(), email.strip().lower()
    _need(name=name)
    if kind not in Kind.values:
        raise Invalid(kind=_("Pilih warga, pegawai, penilai, atau mitra."))
    if not username and not email:
        raise Invalid(username=_("Isi nama pengguna atau alamat email."))
    _check_address(email)
    account = Account(name=name.strip(), kind=kind, username=username or None, email=email, language=language, office=place.scope.office or "")
    account.set_unusable_password()
    _save(account, _("Nama pengguna atau alamat email itu sudah dipakai."))
    if kind != Kind.RESIDENT:
        emit("access.account_opened", account=account.pk)
    return account


@act("access.close_account", title=gettext_lazy("Menutup akun"), says=gettext_lazy("{actor} menutup akun {subject}"))
def close_account(actor: Actor, account: Account, *, reason: str) -> Account:
    """Close an account: it cannot sign in, its sessions end, its roles and mandates end. What it did stays on record under its name."""
    _need(reason=reason)
    _not_oneself(actor, account, _("Akun sendiri ditutup oleh orang lain."))
    now = clock.now()
    if not Account.objects.filter(pk=account.pk, is_active=True).update(is_active=False, closed_at=now):
        raise Conflict(_("Akun itu sudah ditutup."))
    ended = {"ended_at": now, "ended_by": actor.ref, "ended_reason": reason}
    Grant.objects.filter(account=account, ended_at=None).update(**ended)
    Mandate.objects.filter(holder=account, ended_at=None).update(**ended)
    DutySession.objects.filter(account=account, ended_at=None).update(ended_at=now)
    sign_out_everywhere(account)
    account.refresh_from_db()
    return account


@act("access.reopen_account", title=gettext_lazy("Membuka kembali akun"), says=gettext_lazy("{actor} membuka kembali akun {subject}"))
def reopen_account(actor: Actor, account: Account, *, reason: str) -> Account:
    """Let a closed account sign in again. Its former roles do not come back."""
    _need(reason=reason)
    if not Account.objects.filter(pk=account.pk, is_active=False).update(is_active=True, closed_at=None):
        raise Conflict(_("Akun itu tidak sedang ditutup."))
    account.refresh_from_db()
    return account


@act("access.invite", title=gettext_lazy("Memberi tautan kata sandi pertama"),
     says=gettext_lazy("{actor} memberi {subject} tautan untuk membuat kata sandi pertama"))
def invite(actor: Actor, account: Account) -> str:
    """A link, good once and for three days, with which the owner of a new account sets the first password.

    Only before the first sign-in, and only by somebody who may hand out every role the account holds: otherwise the link would be a way to take it over.
    """
    if account.last_login is not None or account.has_usable_password() or not account.is_active:
        raise Conflict(_("Akun ini sudah pernah dipakai. Pemiliknya dapat memakai “Lupa kata sandi”."))
    _above(actor, account)
    return first_password_link(account)


@act("access.reset_proofs", title=gettext_lazy("Menghapus bukti kedua orang yang kehilangan"),
     says=gettext_lazy("{actor} menghapus bukti kedua akun {subject}"))
def reset_proofs(actor: Actor, account: Account, *, reason: str) -> Account:
    """Remove the second proofs (app, passkeys, recovery codes) of somebody who lost them; they sign in by password and set up new ones at once."""
    _need(reason=reason)
    _not_oneself(actor, account, _("Bukti kedua sendiri dihapus oleh orang lain."))
    _above(actor, account)
    Authenticator.objects.filter(user=account).delete()
    sign_out_everywhere(account)
    return account


def sign_out_everywhere(account: Account) -> None:
    """End every session and every token of an account."""
    for session in UserSession.objects.filter(user=account):
        session.end()
    Token.objects.filter(user=account).delete()


# ---------------------------------------------------------------- grants

@act("access.grant", title=gettext_lazy("Memberi peran"), says=gettext_lazy("{actor} memberi {account} peran {role}"), creates=True,
     emits=("access.granted",))
def grant(actor: Actor, place: Place, *, account: Account, role: Role, reason: str, valid_from: date | None = None, valid_to: date | None = None) -> Grant:
    """Give a role over `place.scope` to an account, from a day on (today) and, best, to a day; both days count.

    Raises Refused when the actor may not hand out this role here or is the receiver; Invalid when role, kind of account, scope or dates do not
    fit; Conflict when the same grant stands already.
    """
    since = valid_from or clock.today()
    _need(reason=reason)
    _may_hand_out(actor, account, role, place.scope)
    _fits(account, role, place.scope)
    if valid_to is not None and valid_to < since:
        raise Invalid(valid_to=_("Hari terakhir tidak boleh sebelum hari pertama."))
    made = Grant(account=account, role=role, office=place.scope.office or "", territory=place.scope.territory or "", reason=reason.strip(),
                 valid_from=since, valid_to=valid_to, made_by=actor.ref)
    _save(made, _("Peran itu sudah diberikan untuk masa yang sama."))
    emit("access.granted", grant=made.pk)
    return made


@act("access.revoke", title=gettext_lazy("Mencabut peran"), says=gettext_lazy("{actor} mencabut {subject}"), emits=("access.revoked",))
def revoke(actor: Actor, grant: Grant, *, reason: str) -> Grant:
    """End a grant now. Whoever may not hand a role out may not take it away either."""
    _need(reason=reason)
    if not rules.may_give(actor.holdings, grant.role.facts, grant.scope) and actor.kind != "system":
        raise Refused(_("Anda tidak berwenang atas peran ini."), needs=rules.giving(grant.role.code))
    _end(Grant, grant, actor, reason)
    emit("access.revoked", grant=grant.pk)
    return grant


# ---------------------------------------------------------------- mandates

@act("access.give_mandate", title=gettext_lazy("Menunjuk Plt., Plh., atau Pj."),
     says=gettext_lazy("{actor} menunjuk {holder} sebagai {kind} {position}"), creates=True, emits=("access.mandate_given",))
def give_mandate(actor: Actor, place: Place, *, holder: Account, role: Role, kind: str, position: str, reason: str, legal_basis: str,
                 starts: date, ends: date | None = None, on_behalf_of: Account | None = None) -> Mandate:
    """Lend a role for a time to somebody who stands in for an absent (Plh.) or vacant (Plt., Pj.) position.

    Plt. and Plh. need a last day. Raises as `grant` does. A mandate cannot be passed on by the one who holds it.
    """
    _need(reason=reason, position=position, legal_basis=legal_basis)
    if kind not in MandateKind.values:
        raise Invalid(kind=_("Pilih Plt., Plh., atau Pj."))
    if ends is None and kind != MandateKind.PJ:
        raise Invalid(ends=_("Plt. dan Plh. harus punya hari terakhir."))
    if ends is not None and ends < starts:
        raise Invalid(ends=_("Hari terakhir tidak boleh sebelum hari pertama."))
    _may_hand_out(actor, holder, role, place.scope)
    _fits(holder, role, place.scope)
    made = Mandate(holder=holder, role=role, kind=kind, position=position.strip(), legal_basis=legal_basis.strip(), reason=reason.strip(), starts=starts,
                   ends=ends, on_behalf_of=on_behalf_of, office=place.scope.office or "", territory=place.scope.territory or "", made_by=actor.ref)
    _save(made, _("Mandat itu sudah diberikan untuk masa yang sama."))
    emit("access.mandate_given", mandate=made.pk)
    return made


def _may_end_mandate(actor: Actor, name: str, mandate: Mandate, **_keywords: object) -> bool:
    own = actor.account_id is not None and actor.account_id in (mandate.holder_id, mandate.on_behalf_of_id)
    return own or actor.may(name, mandate.scope)


@act("access.end_mandate", title=gettext_lazy("Mengakhiri mandat"), says=gettext_lazy("{actor} mengakhiri {subject}"), allowed=_may_end_mandate,
     emits=("access.mandate_ended",))
def end_mandate(actor: Actor, mandate: Mandate, *, reason: str) -> Mandate:
    """End a mandate before its last day: by the one it was given to, by the one who is back, or by an administrator there."""
    _need(reason=reason)
    _end(Mandate, mandate, actor, reason)
    emit("access.mandate_ended", mandate=mandate.pk)
    return mandate


# ---------------------------------------------------------------- duty sessions

def _has_duties(actor: Actor, name: str, _subject: object, **_keywords: object) -> bool:
    return actor.account_id is not None and actor.holds(name)


@act("access.start_duty", title=gettext_lazy("Memulai sesi tugas"),
     says=gettext_lazy("{actor} memulai sesi tugas: {reason}"), allowed=_has_duties, creates=True)
def start_duty(actor: Actor, *, reason: str, minutes: int = 60) -> DutySession:
    """Begin a duty session of at most four hours; while it runs, everything the actor does carries its number.

    Raises Invalid without a reason or beyond four hours, Conflict when one runs already.
    """
    _need(reason=reason)
    length = timedelta(minutes=minutes)
    if not timedelta(0) < length <= rules.LONGEST_DUTY:
        raise Invalid(minutes=_("Sesi tugas paling lama 4 jam."))
    now = clock.now()
    own = DutySession.objects.filter(account_id=actor.account_id, ended_at=None)
    own.filter(ends_at__lte=now).update(ended_at=models.F("ends_at"))
    duty = DutySession(account_id=actor.account_id, reason=reason.strip(), starts_at=now, ends_at=now + length)
    _save(duty, _("Sesi tugas Anda masih berjalan."))
    return duty


def _own_duty(actor: Actor, name: str, duty: DutySession, **_keywords: object) -> bool:
    return actor.account_id == duty.account_id or actor.may(name, duty.scope)


@act("access.end_duty", title=gettext_lazy("Mengakhiri sesi tugas"), says=gettext_lazy("{actor} mengakhiri {subject}"), allowed=_own_duty)
def end_duty(actor: Actor, duty: DutySession) -> DutySession:
    """End a duty session before its time: one's own, or anybody's by permission."""
    if not DutySession.objects.filter(pk=duty.pk, ended_at=None, ends_at__gt=clock.now()).update(ended_at=clock.now()):
        raise Conflict(_("Sesi tugas itu sudah berakhir."))
    duty.refresh_from_db()
    return duty


# ---------------------------------------------------------------- clients of our sign-in (OpenID Connect provider)

@act("access.register_client", title=gettext_lazy("Mendaftarkan aplikasi yang masuk dengan akun kota"),
     says=gettext_lazy("{actor} mendaftarkan aplikasi {name} untuk masuk dengan akun kota"), creates=True)
def register_client(actor: Actor, *, name: str, redirect_uris: Sequence[str], scopes: Sequence[str] = ("openid", "profile", "email"),
                    public: bool = False) -> Client:
    """Let another application sign people in with their account here. The secret is on the returned row as `plain_secret`, once; we keep its hash.

    Addresses to return to must be https, except on the same machine. `public` is for applications that cannot keep a secret (they must use PKCE).
    """
    _need(name=name)
    if not redirect_uris or not all(_safe_return(uri) for uri in redirect_uris):
        raise Invalid(redirect_uris=_("Alamat kembali harus diawali https:// dan lengkap."))
    adapter = get_adapter()
    client = Client(name=name.strip(), type=Client.Type.PUBLIC if public else Client.Type.CONFIDENTIAL)
    secret = "" if public else adapter.generate_client_secret()
    client.set_secret(secret or adapter.generate_client_secret())
    client.set_scopes(list(scopes))
    client.set_redirect_uris(list(redirect_uris))
    client.save()
    client.plain_secret = secret
    return client


@act("access.remove_client", title=gettext_lazy("Menghapus aplikasi yang masuk dengan akun kota"),
     says=gettext_lazy("{actor} menghapus aplikasi {subject}"))
def remove_client(actor: Actor, client: Client, *, reason: str) -> None:
    """Take another application's sign-in away; its tokens end at once."""
    _need(reason=reason)
    Token.objects.filter(client=client).delete()
    client.delete()


# ---------------------------------------------------------------- what the acts share

def _need(**texts: str) -> None:
    missing = {field: _("Wajib diisi.") for field, text in texts.items() if not text.strip()}
    if missing:
        raise Invalid(**missing)


def _not_oneself(actor: Actor, account: Account, sentence: str) -> None:
    if actor.account_id == account.pk:
        raise Refused(sentence)


def _may_hand_out(actor: Actor, account: Account, role: Role, scope: Scope) -> None:
    _not_oneself(actor, account, _("Peran tidak dapat diberikan kepada diri sendiri."))
    if actor.kind != "system" and not rules.may_give(actor.holdings, role.facts, scope):
        raise Refused(_("Anda tidak dapat memberi peran yang tidak Anda pegang di sana."), needs=rules.giving(role.code))


def _above(actor: Actor, account: Account) -> None:
    """Refuse unless the actor may hand out all that the account holds."""
    if actor.kind == "system":
        return
    held: list[Grant | Mandate] = [*Grant.objects.filter(account=account, ended_at=None).select_related("role"),
                                   *Mandate.objects.filter(holder=account, ended_at=None).select_related("role")]
    for each in held:
        if not rules.may_give(actor.holdings, each.role.facts, each.scope):
            raise Refused(_("Akun ini memegang peran di luar wewenang Anda."), needs=rules.giving(each.role.code))


def _fits(account: Account, role: Role, scope: Scope) -> None:
    if not account.is_active:
        raise Invalid(account=_("Akun itu sudah ditutup."))
    if role.retired:
        raise Invalid(role=_("Peran itu tidak dipakai lagi."))
    if role.kind != account.kind:
        raise Invalid(role=_("Peran itu bukan untuk jenis akun ini."))
    if wrong := rules.missing_reach(role.reach, scope):
        sentence = _("Peran ini berlaku untuk %(reach)s.") % {"reach": role.get_reach_display()}
        raise Invalid(**dict.fromkeys(wrong, sentence))


def _save(row: models.Model, taken: str) -> None:
    """Save a new row; a broken unique constraint means that somebody was first. The savepoint keeps PostgreSQL's transaction usable."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(taken) from error


def _end(model: type[Grant] | type[Mandate], row: Grant | Mandate, actor: Actor, reason: str) -> None:
    ended = model._default_manager.filter(pk=row.pk, ended_at=None).update(ended_at=clock.now(), ended_by=actor.ref, ended_reason=reason.strip())
    if not ended:
        raise Conflict(_("Itu sudah berakhir."))
    row.refresh_from_db()


def _check_address(email: str) -> None:
    if not email:
        return
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid(email=_("Tulis alamat email lengkap, misalnya nama@contoh.id.")) from error


def _safe_return(uri: str) -> bool:
    return uri.startswith(("https://", "http://127.0.0.1:", "http://localhost:")) and "*" not in uri and "#" not in uri
