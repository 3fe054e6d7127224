"""One step of sign-in that differs from allauth's."""
from typing import Any

from allauth.account.stages import EmailVerificationStage

from amanah.foundation.access.models import Kind


class OwnEmailStage(EmailVerificationStage):
    """Residents prove their e-mail before the first sign-in. Others were opened by an office that knows them, and some have no e-mail."""

    def handle(self) -> Any:
        account = self.login.user
        if account is not None and (account.kind != Kind.RESIDENT or not account.email):
            return None, True
        return super().handle()
