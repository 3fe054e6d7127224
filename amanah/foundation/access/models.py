"""Accounts, roles, grants, mandates and duty sessions."""
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from amanah.foundation.access import rules
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Scope


class Kind(models.TextChoices):
    RESIDENT = "resident", _("Warga")
    STAFF = "staff", _("Pegawai")
    EVALUATOR = "evaluator", _("Penilai")
    PARTNER = "partner", _("Mitra")


class AccountManager(BaseUserManager["Account"]):
    """Nothing here makes a superuser: there is none."""


class Account(AbstractBaseUser):
    """Somebody who can sign in. It says how to reach them and of which kind they are; what they may do stands in grants.

    Sign-in is by username or by e-mail; each is unique where present, without regard to case.
    """

    username = models.CharField(_("nama pengguna"), max_length=150, unique=True, null=True, blank=True)
    email = models.EmailField(_("alamat email"), blank=True)
    phone = models.BinaryField(null=True, editable=False)                                 # sealed under "phone" (kernel.seal), E.164; not verified
    phone_key = models.BinaryField(max_length=16, null=True, editable=False, db_index=True)  # by which it is found; a family may share a telephone
    name = models.CharField(_("nama"), max_length=150)
    kind = models.CharField(_("jenis"), max_length=10, choices=Kind.choices, default=Kind.RESIDENT)
    office = models.CharField(_("unit kerja"), max_length=200, blank=True)  # whose administrators look after this account; "" is the city itself
    is_active = models.BooleanField(_("aktif"), default=True)
    language = models.CharField(_("bahasa"), max_length=5, default="id")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = AccountManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("akun")
        verbose_name_plural = _("akun")
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="access_account_email_once"),
            models.CheckConstraint(condition=Q(kind__in=[value for value, _label in Kind.choices]), name="access_account_kind_known"),
        ]
        indexes = [models.Index(fields=["name", "id"], name="access_account_by_name"), models.Index(fields=["office", "name", "id"])]

    def __str__(self) -> str:
        return self.name

    def get_username(self) -> str:
        return self.username or self.email

    def get_full_name(self) -> str:
        return self.name

    @property
    def ref(self) -> str:
        return f"account:{self.pk}"

    @property
    def scope(self) -> Scope:
        return Scope(office=self.office)

    @property
    def needs_two_proofs(self) -> bool:
        return self.kind in rules.KINDS_WITH_TWO_PROOFS


class Reach(models.TextChoices):
    """What a grant of a role has to name, so that nobody gets the whole city by leaving a field empty."""

    CITY = "city", _("seluruh kota")
    OFFICE = "office", _("satu perangkat daerah")
    TERRITORY = "territory", _("satu wilayah")
    BOTH = "both", _("satu perangkat daerah di satu wilayah")


class Role(models.Model):
    """A named bundle of permissions, loaded from `cities/<city>/roles.yaml`; `digest` says from which wording."""

    code = models.CharField(max_length=50, unique=True)
    name = models.CharField(_("nama peran"), max_length=100)
    description = models.TextField(_("uraian"), blank=True)
    kind = models.CharField(_("untuk jenis akun"), max_length=10, choices=Kind.choices)
    reach = models.CharField(_("jangkauan"), max_length=10, choices=Reach.choices, default=Reach.CITY)
    permissions = models.JSONField(default=list)
    duty_permissions = models.JSONField(default=list)  # held only while a duty session runs
    may_grant = models.JSONField(default=list)  # codes of roles that a holder may hand out within their own scope
    digest = models.CharField(max_length=64)
    retired = models.BooleanField(default=False)  # no longer in the file: past grants stay readable, new ones are refused

    class Meta:
        verbose_name = _("peran")
        verbose_name_plural = _("peran")
        constraints = [models.CheckConstraint(condition=Q(reach__in=[value for value, _label in Reach.choices]), name="access_role_reach_known")]

    def __str__(self) -> str:
        return self.name

    @property
    def facts(self) -> rules.RoleFacts:
        """The permissions this role gives; a retired role gives none."""
        if self.retired:
            return rules.RoleFacts(self.code, frozenset())
        return rules.RoleFacts(self.code, frozenset(self.permissions) | {rules.giving(code) for code in self.may_grant}, frozenset(self.duty_permissions))


class _Holds(models.Model):
    """Where a role is held: paths as in `kernel.actor.Scope`; "" covers the whole city."""

    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    office = models.CharField(_("perangkat daerah"), max_length=200, blank=True)
    territory = models.CharField(_("wilayah"), max_length=50, blank=True)
    reason = models.TextField(_("alasan"))
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.CharField(max_length=100, blank=True, editable=False)
    ended_reason = models.TextField(blank=True, editable=False)
    made_by = models.CharField(max_length=100, editable=False)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True

    @property
    def scope(self) -> Scope:
        return Scope(office=self.office, territory=self.territory)


class Grant(_Holds):
    """A role held by an account over a scope, from one day to another (both included; without an end until revoked)."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    valid_from = models.DateField(_("sejak"))
    valid_to = models.DateField(_("sampai"), null=True, blank=True)

    class Meta:
        verbose_name = _("pemberian peran")
        verbose_name_plural = _("pemberian peran")
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="access_grant_ends_after_start"),
            models.UniqueConstraint(fields=["account", "role", "office", "territory", "valid_from"], condition=Q(ended_at__isnull=True),
                                    name="access_grant_once"),
        ]
        indexes = [models.Index(fields=["office", "role"]), models.Index(fields=["territory", "role"])]

    @property
    def span(self) -> rules.Span:
        return rules.Span(self.role.facts, self.scope, self.valid_from, self.valid_to, f"role:{self.role.code}")


class MandateKind(models.TextChoices):
    PLT = "plt", _("Plt. (pelaksana tugas)")
    PLH = "plh", _("Plh. (pelaksana harian)")
    PJ = "pj", _("Pj. (penjabat)")


class Mandate(_Holds):
    """A duty lent for a time: `holder` acts in the role of an absent or vacant position. Plt and Plh always have a last day."""

    holder = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="mandates")
    on_behalf_of = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(_("jenis"), max_length=3, choices=MandateKind.choices)
    position = models.CharField(_("jabatan"), max_length=200)
    legal_basis = models.CharField(_("dasar"), max_length=300)
    starts = models.DateField(_("sejak"))
    ends = models.DateField(_("sampai"), null=True, blank=True)

    class Meta:
        verbose_name = _("mandat")
        verbose_name_plural = _("mandat")
        constraints = [
            models.CheckConstraint(condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="access_mandate_ends_after_start"),
            models.CheckConstraint(condition=Q(kind="pj") | Q(ends__isnull=False), name="access_mandate_has_an_end"),
            models.UniqueConstraint(fields=["holder", "role", "office", "territory", "starts"], condition=Q(ended_at__isnull=True),
                                    name="access_mandate_once"),
        ]

    @property
    def span(self) -> rules.Span:
        return rules.Span(self.role.facts, self.scope, self.starts, self.ends, f"mandate:{self.pk}")


class DutySession(models.Model):
    """A time of at most four hours in which an account holds the duty permissions of its roles; everything done in it carries its number."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="duty_sessions")
    reason = models.TextField(_("alasan"))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("sesi tugas")
        verbose_name_plural = _("sesi tugas")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="access_duty_ends_after_start"),
            models.UniqueConstraint(fields=["account"], condition=Q(ended_at__isnull=True), name="access_duty_one_at_a_time"),
        ]

    @property
    def scope(self) -> Scope:
        return Scope(office="", territory="")

    @property
    def facts(self) -> rules.Duty:
        return rules.Duty(self.pk, self.starts_at, self.ends_at)
