from django.apps import AppConfig


class SignInConfig(AppConfig):
    name = "amanah.portals.shell.signin"
    label = "signin"
    verbose_name = "Masuk"

    def ready(self) -> None:
        from amanah.portals.shell.signin import records

        records.connect()
