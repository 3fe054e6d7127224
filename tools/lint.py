"""`./run lint`: ruff, mypy on the pure code, and a search of what is committed for secrets, machine paths and registry addresses."""
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BASELINE = ".secrets.baseline"
# Code without a database behind it, which mypy checks strictly; rooms add their own rules.py.
PURE = ("amanah/foundation/kernel", "amanah/engine")
# The words are kept apart from the signs around them, so that this page does not find itself.
MACHINE = re.compile(r"(?<![\w.:/}>-])/(?:" + "|".join(("work", "tmp", "home", "root", "Users")) + r")/\w")
REGISTRY = re.compile("|".join(re.escape(".".join(parts)) for parts in (
    ("files", "pythonhosted"), ("registry", "npmjs"), ("pypi", "org/simple"))) + r"|^--?(?:extra-)?(?:index-url|find-links)\b", re.MULTILINE)
GENERATED = (".lock", "package-lock.json", BASELINE)
BINARY = (".png", ".jpg", ".webp", ".ico", ".woff2", ".gz", ".br", ".mo", ".pdf")


def main() -> int:
    results = {
        "ruff": run("ruff", "check", "--quiet", "."),
        "mypy": run("mypy", "--no-error-summary", *pure()),
        "secrets": secrets(),
        "paths and addresses": addresses(),
    }
    for name, ok in results.items():
        print(f"{name:<22}{'clean' if ok else 'FAILED'}")
    return 0 if all(results.values()) else 1


def run(*command: str) -> bool:
    return subprocess.run([program(command[0]), *command[1:]], cwd=ROOT, check=False).returncode == 0


def program(name: str) -> str:
    """A program of this environment, whether or not PATH leads to it."""
    return str(Path(sys.executable).parent / name)


def pure() -> list[str]:
    rules = [str(path.relative_to(ROOT)) for end in ("rules.py", "rules/__init__.py") for path in sorted(ROOT.glob(f"amanah/**/{end}"))]
    rules = [name.removesuffix("/__init__.py") for name in rules]
    return [folder for folder in PURE if (ROOT / folder).exists()] + rules


def tracked() -> list[str]:
    """The files that are committed or about to be; without git (an unpacked archive) nothing is about to be committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def secrets() -> bool:
    """Look for keys, tokens and passwords; what a person judged harmless stands in the baseline, by hash."""
    names = [name for name in tracked() if not name.endswith(GENERATED + BINARY)]
    found = subprocess.run([program("detect-secrets-hook"), "--json", "--baseline", BASELINE, *names], cwd=ROOT,
                           capture_output=True, text=True, check=False)
    if found.returncode == 0:
        return True
    try:
        for name, hits in json.loads(found.stdout)["results"].items():
            for hit in hits:
                print(f"{name}:{hit['line_number']}: {hit['type']}. A real one: remove it and change it where it is used. "
                      f"A harmless one: add '# pragma: allowlist secret' to the line.")
    except (ValueError, KeyError):
        print(found.stdout + found.stderr)
    return False


def addresses() -> bool:
    """No file names a place on somebody's machine or the address of a package registry."""
    clean = True
    for name in tracked():
        if name.endswith(BINARY):
            continue
        text = (ROOT / name).read_text(encoding="utf-8", errors="replace")
        for pattern in (MACHINE, REGISTRY):
            for hit in pattern.finditer(text):
                clean = False
                print(f"{name}:{text.count(chr(10), 0, hit.start()) + 1}: names {hit.group()!r}, which is true on one machine only")
    return clean


if __name__ == "__main__":
    sys.exit(main())
