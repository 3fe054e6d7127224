"""One name for each deed: promise, sentence, role, page, documentation; and no event that is awaited but never comes."""
import ast
import re
from string import Formatter

import pytest
import yaml

from amanah.foundation.acts.registry import ACTS, EVENTS, PERMISSIONS
from amanah.foundation.jobs.registry import handled_events

from .rooms import ROOT, imports, room_of, sources, tree

# Done at the command line by design: each loads a file of the city's folder. Such files come with the installation, are reviewed there as
# text, and are checked as a whole before the first row changes; a browser would only be a second door to them. This list only shrinks.
WITHOUT_A_PAGE = {"access.load_roles", "offices.load_calendar", "territory.load_boundaries"}


def roles():
    """Role → the permissions it gives, in every city."""
    given = {}
    for path in sorted((ROOT / "cities").glob("*/roles.yaml")):
        for code, role in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            given[f"{path.parent.name}:{code}"] = set(role.get("permissions") or ()) | set(role.get("duty") or ())
    return given


def called_in_portals():
    """(room, function) for everything of a lower room that portal code names."""
    found = set()
    for path in sources(below="portals"):
        rooms = {room_of(what) for _, what in imports(path)}
        names = {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}
        names |= {node.id for node in ast.walk(tree(path)) if isinstance(node, ast.Name)}
        found |= {(room, word) for room in rooms for word in names}
    return found


def test_there_are_acts():
    assert len(ACTS) >= 10


@pytest.mark.parametrize("act", ACTS.values(), ids=lambda act: act.name)
def test_an_act_has_a_promise_a_sentence_and_a_room(act):
    assert re.match(r"[A-Z].{15,}\.$", act.promise), f"the docstring's first line is the promise, one sentence: {act.promise!r}"
    fields = {field for _, field, _, _ in Formatter().parse(str(act.says)) if field}
    assert "{actor}" in str(act.says), "the sentence says who"
    known = {"actor", "subject"} | set(act.function.__annotations__)
    assert {field.split(".")[0] for field in fields} <= known, "the sentence names what the act is not given"
    # Rooms that stand below the door cannot use it themselves; the acts room declares theirs.
    assert act.function.__module__.split(".")[2] in (act.room, "acts"), "an act's name begins with its room"


def test_every_permission_is_held_by_a_role():
    held = set().union(*roles().values())
    assert not set(PERMISSIONS) - held, "give it to a role in cities/<city>/roles.yaml, or remove it"


def test_roles_give_only_what_exists():
    wrong = {role: extra for role, given in roles().items() if (extra := given - set(PERMISSIONS))}
    assert not wrong


def test_every_act_is_reachable_from_a_page():
    called = called_in_portals()
    without = {act.name for act in ACTS.values() if (room_of(act.function.__module__), act.function.__name__) not in called}
    assert not without - WITHOUT_A_PAGE, "give it a page in a portal"
    assert not WITHOUT_A_PAGE - without, "it has a page now: take it off the list, which only shrinks"


def test_every_event_that_is_handled_is_emitted_by_an_act():
    assert not set(handled_events()) - set(EVENTS)


def test_every_event_that_is_emitted_was_declared():
    """`emit` refuses others when it runs; here those are found that no test happens to run."""
    emitted = {node.args[0].value for path in sources() for node in ast.walk(tree(path)) if isinstance(node, ast.Call) and node.args
               and getattr(node.func, "id", getattr(node.func, "attr", "")) == "emit" and isinstance(node.args[0], ast.Constant)}
    assert not {str(event) for event in emitted} - set(EVENTS)
    assert not set(EVENTS) - emitted, "declared, but nobody emits it"


def test_the_page_of_acts_is_up_to_date():
    from tools.docs import acts_page
    assert (ROOT / "docs/acts.md").read_text(encoding="utf-8") == acts_page(), "run: ./run docs --write"
