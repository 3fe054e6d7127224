"""How each channel leaves the program: one small module per outside system, each a function from a delivery to what the system said.

`send` raises `wires.wire.CallFailed`, or `kernel.errors.Unavailable` for what never left us; both say by `permanent` whether to try again.
"""
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What an adapter is given: no more than it needs."""

    key: str  # the same for every try of one delivery
    address: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the outside said. Without `delivered` a receipt is to follow under `provider_ref`."""

    provider_ref: str
    delivered: bool
    simulated: bool


class Undeliverable(Exception):
    """The outside will never take this address. `simulated`: a sandbox twin said so."""

    def __init__(self, *, simulated: bool = False) -> None:
        super().__init__()
        self.simulated = simulated


Adapter = Callable[[Outgoing], Accepted]
