"""The handful of ways in which a deed can fail. Each has a code for machines and a sentence for people.

They become HTTP in two places only: the shell's middleware and the API.
"""


class AmanahError(Exception):
    """The root of all failures that are part of the program's promise.

    `code` is stable and in English; `message` is an Indonesian sentence that says what to do; `details` maps field names to sentences.
    """

    code = "error"
    status = 500
    default = "Ada yang salah pada kami. Coba lagi sebentar."

    def __init__(self, message: str = "", **details: object) -> None:
        self.message = message or self.default
        self.details = details
        super().__init__(self.message)


class Refused(AmanahError):
    """The actor may not do this. The refusal is recorded. `needs` names the permission that would allow it."""

    code, status = "refused", 403
    default = "Anda belum berwenang melakukan ini."


class NotFound(AmanahError):
    """There is no such thing, or the actor may not know that there is."""

    code, status = "not_found", 404
    default = "Tidak ada, atau tidak untuk Anda."


class Invalid(AmanahError):
    """What was given breaks a rule; `details` says which field and what to do."""

    code, status = "invalid", 422
    default = "Ada isian yang perlu diperbaiki."

    @property
    def fields(self) -> list[str]:
        return list(self.details)


class Conflict(AmanahError):
    """Somebody else changed it first, or it has left the state this deed needs."""

    code, status = "conflict", 409
    default = "Sudah diubah orang lain. Muat ulang, lalu coba lagi."


class Unavailable(AmanahError):
    """An outside party or a part of ours does not answer. `permanent` decides on retry: True means never again with the same words."""

    code, status = "unavailable", 503
    default = "Layanan ini sedang tidak menjawab. Isian Anda aman. Coba lagi nanti."

    def __init__(self, message: str = "", *, permanent: bool = False, **details: object) -> None:
        super().__init__(message, **details)
        self.permanent = permanent
