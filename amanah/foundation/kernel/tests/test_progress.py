import time
from io import StringIO

import pytest

from amanah.foundation.kernel import progress as module
from amanah.foundation.kernel.progress import progress, steps


class Terminal(StringIO):
    def isatty(self):
        return True


@pytest.fixture
def ticks(monkeypatch):
    """A clock that moves one second each time it is asked."""
    moments = iter(range(10_000))
    monkeypatch.setattr(module.time, "monotonic", lambda: float(next(moments)))


def test_work_of_a_moment_is_silent():
    out = StringIO()
    assert list(progress(range(5), "offices", out=out)) == [0, 1, 2, 3, 4]
    assert out.getvalue() == ""


def test_a_terminal_sees_a_bar_that_fills(ticks):
    out = Terminal()
    assert len(list(progress(range(10), "offices", out=out))) == 10
    bars = out.getvalue().split("\r\x1b[K")[1:]
    assert "of 10 offices" in bars[0]
    assert bars[-1].startswith("  [" + "#" * 30 + "] 10 of 10 offices")
    assert out.getvalue().endswith("\n")


def test_a_log_gets_a_line_every_ten_seconds_and_no_control_signs(ticks):
    out = StringIO()
    list(progress(range(25), "rows", out=out))
    lines = out.getvalue().splitlines()
    assert 3 <= len(lines) <= 5
    assert "\x1b" not in out.getvalue()


def test_without_a_total_only_the_count_is_told(ticks):
    out = StringIO()
    list(progress((n for n in range(5)), "rows", out=out))
    assert "5 rows" in out.getvalue()
    assert "of" not in out.getvalue()


def test_a_log_gets_a_line_for_each_step():
    out = StringIO()
    assert list(steps(("tables", "offices"), out=out)) == ["tables", "offices"]
    assert out.getvalue() == "  [1/2] tables\n  [2/2] offices\n"


def test_a_bar_moves_while_a_long_step_runs(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0)
    out = Terminal()
    for name in steps(("tables", "offices"), out=out):
        wait_until(lambda name=name: f"steps: {name}" in out.getvalue())
    assert "1 of 2 steps: offices" in out.getvalue()
    assert out.getvalue().endswith("\r\x1b[K")


def test_the_bar_goes_away_when_a_step_fails():
    out = Terminal()
    with pytest.raises(RuntimeError):
        for _ in steps(("tables",), out=out):
            raise RuntimeError("no disk")
    assert "steps" not in out.getvalue()


def wait_until(true, patience=5.0):
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)
