# SPDX-License-Identifier: GPL-2.0-only
"""Adds up the numbered rules of the interface: tests/guest/conform/rules.tsv says what shows each.

A rule is shown by rows of the conformance miniport's table, which conform/900-table has all looked
at, by guest tests of any group, and by programs on the host, which 'make check' runs as parts of
its own. It holds if all of those have passed; a guest test that was not run shows nothing.
tests/contract/check-rules sees to it that all of them exist.
"""

import re

from .common import HarnessError, TOP

TABLE = TOP / "tests/guest/conform/rules.tsv"
# Without its verdict no row of the miniport's table counts.
ROWS = "conform/900-table"


def read():
    """[(number, text, [evidence])]"""
    lines = TABLE.read_text(encoding="ascii").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    if any(len(row) != 3 or not row[2].split() for row in rows):
        raise HarnessError(f"{TABLE}: not three cells in every row")
    return [(number, text, evidence.split()) for number, text, evidence in rows]


def add_up(verdicts):
    """Lines to print and whether a rule is broken or, once all tests were chosen, not shown."""
    state = {v.test.name: v.state for v in verdicts}
    if ROWS not in state:
        return [], False
    held, broken, open_ = 0, [], []
    for number, text, evidence in read():
        tests = {ROWS if re.fullmatch(r"[A-Z0-9_]+", e) else e for e in evidence}
        states = {state.get(t) for t in tests if not t.startswith("tests/")}
        if "fail" in states:
            broken.append((number, text, evidence))
        elif states <= {"pass"}:
            held += 1
        else:
            open_.append((number, text, [e for e in evidence if state.get(e) != "pass" and "/" in e]))
    out = [f"numbered rules: {held} of {held + len(broken) + len(open_)} hold"]
    out += [f"  {number} is broken: {text} ({' '.join(evidence)})" for number, text, evidence in broken]
    if open_:
        out.append(f"  {len(open_)} wait for tests that were not run: " + " ".join(sorted({e for _, _, es in open_ for e in es})))
    return out, bool(broken or open_)
