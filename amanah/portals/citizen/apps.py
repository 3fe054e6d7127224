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
        menu.enter("account", "citizen_data", _("Data saya"), icon="id", order=3, kinds=("resident",), beneath=False)
        menu.enter("account", "citizen_looked", _("Siapa melihat data saya"), icon="eye", order=5, kinds=("resident",))
        menu.enter("account", "citizen_requests", _("Permintaan saya"), icon="message-question", order=7, kinds=("resident",))
        menu.enter("footer", "citizen_looked", _("Siapa melihat data saya?"), icon="eye", order=50)
