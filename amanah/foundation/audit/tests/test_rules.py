"""The chain as pure arithmetic: every way of tampering is found and named."""
from hypothesis import given
from hypothesis import strategies as st

from amanah.foundation.audit import rules

KEY, OLD = b"k" * 32, b"o" * 32
RING = {rules.fingerprint(OLD): OLD, rules.fingerprint(KEY): KEY}
NAME = rules.fingerprint(KEY)

Row = tuple[int, str, bytes]


def chain(count: int, *, lane: int = 3, key: bytes = KEY) -> list[Row]:
    rows, mac = [], rules.START
    for seq in range(1, count + 1):
        body = rules.body_of(rules.fingerprint(key), lane, seq, {"at": seq, "deed": "room.deed", "details": {"n": seq}})
        mac = rules.mac_of(key, mac, body)
        rows.append((seq, body, mac))
    return rows


def head(rows: list[Row], *, lane: int = 3) -> rules.Head:
    seq, mac = (rows[-1][0], rows[-1][2]) if rows else (0, rules.START)
    return rules.Head(lane, seq, mac, rules.seal_of(KEY, lane, seq, mac))


def check(rows: list[Row], top: rules.Head | None, marks: dict[int, bytes] | None = None) -> rules.Fault | None:
    lane = rules.LaneCheck(3, RING, marks)
    lane.feed(rows)
    lane.close(top)
    return lane.fault


@given(st.integers(0, 30))
def test_an_untouched_lane_has_no_fault(count):
    rows = chain(count)
    assert check(rows, head(rows)) is None


@given(st.integers(2, 30).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n - 1))), st.sampled_from(["edit", "delete", "swap", "repeat", "foreign"]))
def test_whatever_is_done_to_one_entry_the_first_bad_one_is_named(place, deed):
    count, at = place
    rows = chain(count)
    top = head(rows)
    seq, body, mac = rows[at]
    if deed == "edit":
        rows[at] = (seq, body.replace("room.deed", "room.dead"), mac)
        assert (f := check(rows, top)) and (f.seq, f.kind) == (seq, "edited")
    elif deed == "delete":
        del rows[at]
        fault = check(rows, top)
        assert fault and fault.seq == seq and fault.kind == ("truncated" if at == count - 1 else "deleted")
    elif deed == "swap":
        other = (at + 1) % count
        first = min(at, other)
        rows[at], rows[other] = (seq, *rows[other][1:]), (rows[other][0], body, mac)
        assert (f := check(rows, top)) and (f.seq, f.kind) == (first + 1, "reordered")
    elif deed == "repeat":
        rows.insert(at + 1, (seq, body, mac))
        assert (f := check(rows, top)) and (f.seq, f.kind) == (seq, "inserted")
    else:
        forged = rules.body_of(NAME, 3, seq, {"at": 0, "deed": "room.forged"})
        rows[at] = (seq, forged, rules.mac_of(b"guess" * 8, rows[at - 1][2] if at else rules.START, forged))
        assert (f := check(rows, top)) and (f.seq, f.kind) == (seq, "edited")


def test_deleting_and_renumbering_what_follows_is_found():
    rows = chain(6)
    cut = rows[:2] + [(seq - 1, body, mac) for seq, body, mac in rows[3:]]
    assert (f := check(cut, head(rows))) and (f.seq, f.kind) == (3, "reordered")


def test_a_tail_cut_off_is_found_by_the_head_and_a_moved_head_by_its_seal():
    rows = chain(8)
    assert (f := check(rows[:5], head(rows))) and (f.seq, f.kind) == (6, "truncated")
    moved = rules.Head(3, 5, rows[4][2], head(rows).seal)
    assert (f := check(rows[:5], moved)) and f.kind == "head"
    assert (f := check(rows, None)) and f.kind == "head"


def test_a_tail_cut_off_together_with_an_old_head_is_found_by_a_checkpoint():
    rows = chain(8)
    assert check(rows[:5], head(rows[:5])) is None  # nothing inside the database can tell
    assert (f := check(rows[:5], head(rows[:5]), {8: rows[7][2]})) and (f.seq, f.kind) == (6, "truncated")
    assert (f := check(rows, head(rows), {4: rows[6][2]})) and (f.seq, f.kind) == (4, "checkpoint")


def test_entries_made_with_an_older_key_of_the_ring_still_hold():
    rows = chain(3, key=OLD)
    seq, mac = 4, rows[-1][2]
    body = rules.body_of(NAME, 3, seq, {"deed": "room.deed"})
    rows.append((seq, body, rules.mac_of(KEY, mac, body)))
    assert check(rows, head(rows)) is None
    lane = rules.LaneCheck(3, {NAME: KEY})
    lane.feed(rows)
    assert lane.fault and lane.fault.kind == "unknown-key"


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.one_of(st.text(), st.integers(), st.booleans(), st.lists(st.text()))))
def test_a_body_reads_back_as_what_was_written(details):
    import json

    body = rules.body_of(NAME, 1, 2, {"deed": "a.b", "details": details})
    assert body.startswith(rules.head_of_body(NAME, 1, 2))
    assert json.loads(body).get("details", {}) == details
