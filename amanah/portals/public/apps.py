from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class PublicConfig(AppConfig):
    name = "amanah.portals.public"
    label = "public"
    verbose_name = "Halaman umum"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from amanah.portals.shell import menu

        menu.enter("top", "public_serving", _("Kantor saya"), icon="map-pin", order=10, beneath=False)
        menu.enter("top", "public_offices", _("Semua kantor"), icon="building-community", order=20)
        menu.enter("top", "public_territories", _("Wilayah"), icon="map-2", order=30)
        menu.enter("top", "public_population", _("Penduduk"), icon="users-group", order=35)
        menu.enter("bottom", "public_home", _("Beranda"), icon="home", order=10)
        menu.enter("bottom", "public_serving", _("Kantor saya"), icon="map-pin", order=20)
        menu.enter("bottom", "public_territories", _("Wilayah"), icon="map-2", order=30)
        menu.enter("bottom", settings.LOGIN_URL, _("Masuk"), icon="user", order=90, kinds=("public",))
        menu.enter("footer", "public_serving", _("Kantor mana yang melayani saya?"), icon="map-pin", order=10)
        menu.enter("footer", "public_offices", _("Semua kantor pemerintah kota"), icon="building-community", order=20)
        menu.enter("footer", "public_territories", _("Kecamatan dan kelurahan"), icon="map-2", order=30)
        menu.enter("footer", "public_map", _("Peta kota"), icon="map-2", order=40)
        menu.enter("footer", "public_population", _("Berapa penduduk kota"), icon="users-group", order=50)
        menu.enter("footer", "public_purposes", _("Untuk apa data Anda dipakai"), icon="list-check", order=60)
