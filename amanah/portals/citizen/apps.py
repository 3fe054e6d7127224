from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CitizenConfig(AppConfig):
    name = "amanah.portals.citizen"
    label = "citizen"
    verbose_name = _("Halaman warga")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from amanah.portals.shell import menu

        menu.enter("top", "citizen_home", _("Halaman saya"), icon="user", order=40, kinds=("resident",))
        menu.enter("bottom", "citizen_home", _("Saya"), icon="user", order=40, kinds=("resident",))
        menu.enter("account", "citizen_trail", _("Siapa melihat akun saya"), icon="eye", order=10, kinds=("resident",))
