"""The rooms and their order, read from `importlinter.ini`, so that imports and everything else are judged by one drawing."""
import ast
from collections.abc import Iterator
from configparser import ConfigParser
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FLOORS = ("portals", "domains", "engine", "registries", "foundation")


@cache
def layers(contract: str) -> list[set[str]]:
    """The layers of one contract, top first; parentheses (may be absent) do not matter here."""
    ini = ConfigParser()
    ini.read(ROOT / "importlinter.ini")
    lines = ini[f"importlinter:contract:{contract}"]["layers"].split("\n")
    return [{name.strip(" ()") for name in line.split("|")} for line in lines if line.strip()]


def place(module: str) -> tuple[int, int]:
    """Where a module of ours stands: (floor, layer within the floor); smaller is higher. Raises LookupError for what is in no room."""
    _, floor, room, *_ = [*module.split("."), "", ""]
    on_floor = next((n for n, names in enumerate(layers("floors")) if floor in names), None)
    if on_floor is None:
        raise LookupError(f"{module} stands on no floor")
    if floor in ("domains", "engine"):
        return on_floor, 0
    layer = next((n for n, names in enumerate(layers(floor)) if room in names), None)
    if layer is None:
        raise LookupError(f"{module} stands in no room of {floor}")
    return on_floor, layer


def room_of(module: str) -> str:
    return ".".join(module.split(".")[:3])


def rooms() -> list[Path]:
    """The folders of all rooms."""
    return sorted(path.parent for floor in FLOORS for path in (ROOT / "amanah" / floor).glob("*/__init__.py"))


def sources(*, below: str = "", tests: bool = False) -> list[Path]:
    """Python files under amanah/ (or one of its floors), without migrations; test files only when asked."""
    found = (ROOT / "amanah" / below).rglob("*.py")
    return sorted(p for p in found if "migrations" not in p.parts and (tests or not is_test(p)))


def is_test(path: Path) -> bool:
    return "tests" in path.parts or path.name == "conftest.py"


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every absolute import in a file: line and dotted name, with the names of `from … import` appended."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
