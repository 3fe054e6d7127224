"""Reading a YAML file of facts strictly: every mistake is named with file, line and place, all of them at once, with a suggestion where one is near.

Stricter than YAML itself: an entry written twice is a mistake, and so is a bare number where a text is meant (1.10 would become 1.1).
"""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

import yaml

from amanah.foundation.kernel.errors import Invalid


class ContentError(Invalid):
    """A file of the city cannot be read as it is; `lines` names every mistake."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("\n".join(lines), file=lines[0] if lines else "")


class Entries(dict[str, Any]):
    """A mapping that knows on which line it and each of its keys stand."""

    def __init__(self, items: Mapping[str, Any] | None = None, line: int = 1) -> None:
        super().__init__(items or {})
        self.line, self.lines = line, dict.fromkeys(self, line)


class Items(list[Any]):
    """A list that knows the line of each item."""

    lines: list[int]


@dataclass(frozen=True, slots=True)
class Field:
    """What may stand at a key: `kind` is str, bool, int, float, date, dict or list; `choices` limits texts."""

    kind: type
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()


KINDS = {str: "teks", bool: "true atau false", int: "bilangan bulat", float: "bilangan", date: "tanggal YYYY-MM-DD",
         dict: "bagian berisi isian", list: "daftar dengan tanda -"}


class Document:
    """One file while it is read. Problems are gathered; `finish` raises them together."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.problems = name, list[tuple[int, str]]()
        try:
            node = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            raise ContentError([f"{name}:{line}  bukan YAML yang benar: {error.problem}"]) from error
        self._make = yaml.SafeLoader("").construct_object
        self.root: Any = self._read(node, "") if node else Entries()
        if not isinstance(self.root, Entries):
            raise ContentError([f"{name}:1  harus berisi isian bernama"])

    def problem(self, line: int, where: str, sentence: str) -> None:
        self.problems.append((line, f"{self.name}:{line}  {where}: {sentence}" if where else f"{self.name}:{line}  {sentence}"))

    def finish(self) -> None:
        """Raise ContentError if anything was wrong."""
        if self.problems:
            raise ContentError([text for _line, text in sorted(set(self.problems))])

    def read(self, node: Any, where: str, shape: Mapping[str, Field], line: int = 0) -> dict[str, Any]:
        """The entries of `node` in the given shape, defaults filled in; whatever does not fit becomes a problem."""
        if not isinstance(node, Entries):
            self.problem(line, where, "harus berisi isian bernama")
            return {}
        for key in node:
            if key not in shape:
                self.problem(node.lines[key], where, f'isian "{key}" tidak dikenal{meant(key, shape)}')
        values = {}
        for key, wanted in shape.items():
            if key not in node:
                if wanted.required:
                    self.problem(node.line, where, f'isian "{key}" belum ada')
                values[key] = wanted.default
            else:
                values[key] = self._value(node[key], wanted, node.lines[key], f"{where}.{key}" if where else key)
        return values

    def _value(self, value: Any, wanted: Field, line: int, where: str) -> Any:
        if value is None and not wanted.required:
            return wanted.default
        good = isinstance(value, wanted.kind) and not (wanted.kind is int and isinstance(value, bool)) and not isinstance(value, datetime)
        if wanted.kind is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if not good:
            hint = f'; apit dengan tanda kutip: "{value}"' if wanted.kind is str and not isinstance(value, dict | list) else ""
            self.problem(line, where, f"harus {KINDS[wanted.kind]}{hint}")
            return wanted.default
        if wanted.choices and value not in wanted.choices:
            self.problem(line, where, f'"{value}" tidak dikenal{meant(value, wanted.choices)}')
        return value

    def _read(self, node: yaml.Node, where: str) -> Any:
        line = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            entries = Entries(line=line)
            for key_node, value_node in node.value:
                key, at = str(key_node.value), key_node.start_mark.line + 1
                if key in entries:
                    self.problem(at, where, f'isian "{key}" ditulis dua kali')
                entries.lines[key] = at
                entries[key] = self._read(value_node, f"{where}.{key}" if where else key)
            return entries
        if isinstance(node, yaml.SequenceNode):
            items = Items(self._read(item, f"{where}[{n}]") for n, item in enumerate(node.value, 1))
            items.lines = [item.start_mark.line + 1 for item in node.value]
            return items
        try:
            return self._make(node)
        except (yaml.YAMLError, ValueError):
            self.problem(line, where, f'"{node.value}" tidak terbaca')
            return None


def meant(word: object, known: Iterable[str]) -> str:
    """'; maksudnya "…"?' when something near is known, else ''."""
    near = get_close_matches(str(word), list(known), n=1, cutoff=0.6)
    return f'; maksudnya "{near[0]}"?' if near else ""
