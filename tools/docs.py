"""`./run docs`: links, commands and lists in the documentation are true; `--write` renews what is generated (docs/acts.md, the English catalogue)."""
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

from tools import texts

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
RUN = re.compile(r"\./run ([a-z]+)(?: ([a-z_]+))?")


def main(args: list[str]) -> int:
    import django
    django.setup()
    if "--write" in args:
        (ROOT / "docs/acts.md").write_text(acts_page(), encoding="utf-8")
        texts.renew()
    faults = [*broken_links(), *unknown_commands(), *unlisted_dependencies(), *unexplained_variables(), *stale(), *untranslated()]
    for fault in faults:
        print(fault)
    print(f"{len(pages())} pages, {len(faults)} faults" if faults else f"{len(pages())} pages, all true")
    return 1 if faults else 0


def pages() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


# ---------------------------------------------------------------- what is generated

def acts_page() -> str:
    """docs/acts.md: every act, permission and event of the rooms that are installed, and the roles that hold each."""
    from django.conf import settings

    from amanah.foundation.access.catalogue import read
    from amanah.foundation.acts.registry import ACTS, EVENTS, PERMISSIONS
    from amanah.foundation.jobs.registry import handled_events

    holders = defaultdict(list)
    for role in read(Path(settings.CITY_DIR) / "roles.yaml", PERMISSIONS):
        for permission in role.permissions:
            holders[permission].append(role.code)
        for permission in role.duty:
            holders[permission].append(f"{role.code} (in a duty session)")
    lines = ["# Acts, permissions, events", "",
             "Made by `./run docs --write` from the code and from `cities/<city>/roles.yaml`; a test compares. The name of an act is its",
             "permission and its entry in the audit record.", ""]
    by_room = defaultdict(list)
    for act in ACTS.values():
        by_room[act.room].append(act)
    for room, acts in sorted(by_room.items()):
        lines += [f"## {room}", "", "| act | promise | sentence in the record | held by | emits |", "| --- | --- | --- | --- | --- |"]
        for act in sorted(acts, key=lambda act: act.name):
            emits = ", ".join(f"`{event}`" for event, names in sorted(EVENTS.items()) if act.name in names)
            lines.append(row(f"`{act.name}`", act.promise, str(act.says), ", ".join(holders[act.name]), emits))
        lines.append("")
    lines += ["## Permissions that are not acts", "", "| permission | what it allows | held by |", "| --- | --- | --- |"]
    lines += [row(f"`{permission}`", str(title), ", ".join(holders[permission]))
              for permission, title in sorted(PERMISSIONS.items()) if permission not in ACTS]
    lines += ["", "## Events", "", "| event | emitted by | handled by |", "| --- | --- | --- |"]
    handled = handled_events()
    for event, acts in sorted(EVENTS.items()):
        emitters, handlers = (", ".join(f"`{one}`" for one in sorted(names)) for names in (acts, handled.get(event, ())))
        lines.append(row(f"`{event}`", emitters, handlers or "nobody yet"))
    return "\n".join(lines) + "\n"


def row(*cells: str) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def stale() -> list[str]:
    page = ROOT / "docs/acts.md"
    return [] if page.exists() and page.read_text(encoding="utf-8") == acts_page() else ["docs/acts.md is out of date: ./run docs --write"]


def untranslated() -> list[str]:
    """Texts for people that have no English yet, and English whose Indonesian is gone."""
    missing, gone, file = texts.missing(), texts.stale(), texts.CATALOGUE.relative_to(ROOT)
    return ([f"{file}: {len(missing)} texts have no English, the first is {missing[0]!r}; all: python -m tools.texts --missing"] if missing else []) + (
        [f"{file}: {len(gone)} texts are said by nobody any more, the first is {gone[0]!r}: ./run docs --write"] if gone else [])


# ---------------------------------------------------------------- what is checked

def broken_links() -> list[str]:
    """Links between pages and to files; addresses on the web are not fetched."""
    faults = []
    for page in pages():
        for target in LINK.findall(without_code(page.read_text(encoding="utf-8"))):
            if re.match(r"[a-z]+:|#", target):
                continue
            path, _, anchor = target.partition("#")
            file = page.parent / path
            if not file.exists():
                faults.append(f"{name(page)}: there is no {target}")
            elif anchor and file.suffix == ".md" and anchor not in anchors(file):
                faults.append(f"{name(page)}: {path} has no heading for #{anchor}")
    return faults


def without_code(text: str) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def unknown_commands() -> list[str]:
    """Every `./run …` that a page names exists, and so does the Django command behind `./run manage …`."""
    from django.core.management import get_commands
    ours = set(re.findall(r"^def ([a-z]+)\(args\):\n    \"\"\"", (ROOT / "run").read_text(encoding="utf-8"), re.MULTILINE))
    faults = []
    for page in pages():
        for command, word in RUN.findall(page.read_text(encoding="utf-8")):
            if command not in ours:
                faults.append(f"{name(page)}: ./run has no command {command}")
            elif command == "manage" and word and word not in get_commands() and word != "help":
                faults.append(f"{name(page)}: ./run manage has no command {word}")
    return faults


def unlisted_dependencies() -> list[str]:
    """docs/dependencies.md has a line for each package that is asked for by name, and for no other."""
    wanted = set(json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"])
    for file in ("requirements.in", "requirements-analytics.in", "requirements-dev.in", "requirements-node.in", "requirements-uv.in"):
        for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
            if found := re.match(r"[A-Za-z0-9][\w.-]*", line):
                wanted.add(found.group().lower())
    listed = set(re.findall(r"^\| (\S+) \| [^|]{10,} \|$", (ROOT / "docs/dependencies.md").read_text(encoding="utf-8"), re.MULTILINE))
    return ([f"docs/dependencies.md: no reason for {package}" for package in sorted(wanted - listed)]
            + [f"docs/dependencies.md: {package} is not a dependency (any more)" for package in sorted(listed - wanted)])


def unexplained_variables() -> list[str]:
    """docs/operations.md explains every environment variable that the program reads, and no other."""
    files = [*(ROOT / "amanah").rglob("*.py"), *(ROOT / "tools").glob("*.py")]
    read = {word for file in files if "tests" not in file.parts for word in re.findall(r"\"(AMANAH_[A-Z0-9_]+)\"", file.read_text(encoding="utf-8"))}
    page = ROOT / "docs/operations.md"
    explained = set(re.findall(r"^\| `(AMANAH_[A-Z0-9_]+)", page.read_text(encoding="utf-8"), re.MULTILINE)) if page.exists() else set()
    return ([f"docs/operations.md: {variable} is not explained" for variable in sorted(read - explained)]
            + [f"docs/operations.md: nothing reads {variable}" for variable in sorted(explained - read)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
