import pytest

from amanah.foundation.wires import rules
from amanah.foundation.wires import wire as wires
from amanah.foundation.wires.sandbox import Answer, Twin


@pytest.fixture(scope="session")
def the_twin():
    twin = Twin("bank")

    @twin.route("GET", "/bills/{number}")
    def bill(asked):
        return Answer(200, {"number": asked.values["number"], "amount": 12_500, "payer": {"name": "Rina", "nik": "1371015708900001"}})

    @twin.route("POST", "/bills")
    def make(asked):
        return Answer(201, {"made": True, "echo": asked.json})

    @twin.route("GET", "/big")
    def big(asked):
        return Answer(200, b"x" * 50_000, {"Content-Type": "text/plain"})

    @twin.route("POST", "/form")
    def form(asked):
        return Answer(200, {"length": len(asked.body)})

    yield twin
    twin.stop()


@pytest.fixture
def twin(the_twin):
    the_twin.reset()
    return the_twin


@pytest.fixture
def sleeps():
    return []


@pytest.fixture
def make(twin, db):
    """Makes wires to the twin and closes them when the test ends."""
    before, made = dict(wires._declared), []

    def wire(name, **options):
        made.append(wires.Wire(name, says="bank daerah", twin=twin, **options))
        return made[-1]

    yield wire
    for one in made:
        one.close()
    wires._declared.clear()
    wires._declared.update(before)


@pytest.fixture
def wire(make, sleeps):
    """A wire to the twin that does not really wait between tries, with no chance in its waits."""
    return make("bank", timeout=0.4, deadline=5, sleep=sleeps.append, chance=lambda: 0.0, circuit=rules.Circuit(failures_to_open=50))
