"""Roles as the city writes them: `cities/<city>/roles.yaml`, checked word by word before anything is stored."""
import difflib
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from amanah.foundation.access import rules
from amanah.foundation.kernel.errors import Invalid

KINDS = ("resident", "staff", "evaluator", "partner")
REACHES = ("city", "office", "territory", "both")


@dataclass(frozen=True, slots=True)
class Example:
    """The demonstration's account for a role: an invented person, and where they work."""

    name: str
    office: str = ""
    territory: str = ""


@dataclass(frozen=True, slots=True)
class RoleText:
    """One role of the file. `permissions` hold always, `duty` only in a duty session, `may_grant` names roles its holders may hand out."""

    code: str
    name: str
    description: str
    kind: str
    reach: str
    permissions: tuple[str, ...] = ()
    duty: tuple[str, ...] = ()
    may_grant: tuple[str, ...] = ()
    example: Example | None = field(default=None, compare=False)

    @property
    def digest(self) -> str:
        """SHA-256 over all that decides what a holder may do and what people read about it."""
        told = [self.code, self.name, self.description, self.kind, self.reach, self.permissions, self.duty, self.may_grant]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def read(path: Path, permissions: Iterable[str]) -> list[RoleText]:
    """The roles in a file. Raises Invalid with every mistake at once: `lurah.permissions: tidak ada "teritory.read"; maksudnya "territory.read"?`"""
    given = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    faults: dict[str, str] = {}
    known, codes = sorted(permissions), sorted(given)
    roles = [_role(code, text, known, codes, faults) for code, text in given.items()]
    for first, middle, last in rules.open_chains({role.code: role.may_grant for role in roles}):
        faults.setdefault(f"{first}.may_grant", f'boleh memberi "{middle}", dan "{middle}" boleh memberi "{last}", tetapi "{first}" sendiri tidak')
    if faults:
        raise Invalid("\n".join(f"{path.name}: {where}: {sentence}" for where, sentence in faults.items()), **faults)
    return roles


def _role(code: str, text: Mapping[str, Any], permissions: list[str], codes: list[str], faults: dict[str, str]) -> RoleText:
    fields = ["name", "description", "kind", "reach", "permissions", "duty", "may_grant", "example"]
    for name in text:
        _known(f"{code}.{name}", name, fields, faults)
    for name in ("name", "description", "kind", "reach"):
        if not text.get(name):
            faults[f"{code}.{name}"] = "belum diisi"
    _known(f"{code}.kind", text.get("kind", KINDS[0]), list(KINDS), faults)
    _known(f"{code}.reach", text.get("reach", REACHES[0]), list(REACHES), faults)
    for name, options in (("permissions", permissions), ("duty", permissions), ("may_grant", codes)):
        for value in text.get(name) or ():
            _known(f"{code}.{name}", value, options, faults)
    example = text.get("example")
    return RoleText(code, str(text.get("name", "")), " ".join(str(text.get("description", "")).split()), str(text.get("kind", "")),
                    str(text.get("reach", "")), *(tuple(sorted(text.get(name) or ())) for name in ("permissions", "duty", "may_grant")),
                    example=Example(**{key: str(value) for key, value in example.items()}) if example else None)


def _known(where: str, value: str, options: list[str], faults: dict[str, str]) -> None:
    if value in options:
        return
    near = difflib.get_close_matches(str(value), options, n=1)
    faults[where] = f'tidak ada "{value}"' + (f'; maksudnya "{near[0]}"?' if near else "")
