"""The arithmetic of severities: sums first, one cut, fixed and zero stay, both ends exact."""

from __future__ import annotations

import pytest

from riskassess.kernel.truth import Truth
from riskassess.rules.holds import FALSE, TRUE, Holds, all_hold, any_holds
from riskassess.rules.reading import Listed
from riskassess.rules.rule import Ruling, raised_if, worst_of
from riskassess.rules.values import Level, Step, base, step, value

OPEN = Holds(Truth.UNKNOWN, frozenset({"phi"}))
OTHER = Holds(Truth.UNKNOWN, frozenset({"stage"}))
TWO = base(Level(2))


@pytest.mark.parametrize(
    ("plus", "minus", "ends"),
    [
        ([], [], (2, 2)),
        ([TRUE], [], (3, 3)),
        ([OPEN], [], (2, 3)),
        ([FALSE], [], (2, 2)),
        ([], [TRUE], (1, 1)),
        ([], [OPEN], (1, 2)),
        ([TRUE, TRUE, TRUE], [TRUE], (4, 4)),  # 2 + 3 - 1: cut only at the end
        ([TRUE, TRUE, TRUE, TRUE], [TRUE], (4, 4)),
        ([], [TRUE, TRUE, TRUE], (1, 1)),
        ([TRUE], [TRUE, TRUE, TRUE], (1, 1)),
        ([OPEN], [OTHER], (1, 3)),
    ],
)
def test_sum_then_cut(plus: list[Holds], minus: list[Holds], ends: tuple[int, int]) -> None:
    worth = value(TWO, [step("up", one) for one in plus], [step("down", one) for one in minus])
    assert (worth.low, worth.high) == ends
    assert sum(line.low for line in worth.lines) == worth.low
    assert sum(line.high for line in worth.lines) == worth.high


def test_zero_stays_and_fixed_stays() -> None:
    for level in (Level(0), Level(4, fixed=True)):
        worth = value(base(level), [step("up", TRUE)], [step("down", OPEN)])
        assert (worth.low, worth.high) == (level.value, level.value)
        assert not worth.open


def test_the_first_case_that_holds_gives_the_base() -> None:
    assert value(base(Level(1), (TRUE, Level(3)), (TRUE, Level(2)))).low == 3
    assert value(base(Level(1), (FALSE, Level(3)), (TRUE, Level(2)))).high == 2
    open_case = value(base(Level(1), (OPEN, Level(3)), (TRUE, Level(2))))
    assert (open_case.low, open_case.high) == (2, 3), "the last word is out of reach"
    assert open_case.open == {"phi"}


def test_a_fixed_case_beside_one_that_moves() -> None:
    worth = value(base(Level(3), (OPEN, Level(4, fixed=True))), minus=[step("down", TRUE)])
    assert (worth.low, worth.high) == (2, 4)


def test_a_step_of_several_sizes() -> None:
    graded = Step("evidence", ((FALSE, 2), (TRUE, 1)))
    assert graded.range() == (1, 1)
    assert Step("evidence", ((OPEN, 2), (OPEN, 1))).range() == (0, 2)
    assert Step("evidence", ((OPEN, 2), (TRUE, 1))).range() == (1, 2)
    assert Step("evidence", ()).range() == (0, 0)


def test_the_worst_member_counts() -> None:
    certain, possible = raised_if(TRUE, Level(1)), raised_if(OPEN, Level(3))
    worst = worst_of([("claim 1", certain), ("claim 2", possible), ("claim 3", raised_if(FALSE, Level(4)))])
    assert worst.holds.certain
    assert worst.value is not None
    assert (worst.value.low, worst.value.high) == (1, 3)
    assert worst.value.open == {"phi"}
    assert [line.name for line in worst.value.lines] == [
        "claim 1: severity of the row",
        "claim 2: severity of the row",
    ]


def test_no_member_holds_nothing() -> None:
    none = worst_of([])
    assert none.holds is FALSE
    assert none.value is not None
    assert none.value.high == 0
    assert worst_of([("claim 1", Ruling(TRUE))]).holds is FALSE


def test_holds_remembers_only_what_matters() -> None:
    assert (OPEN & OTHER).open == {"phi", "stage"}
    assert (OPEN & FALSE) == FALSE
    assert (OPEN | TRUE) == TRUE
    assert (OPEN | FALSE).open == {"phi"}
    assert (~OPEN).open == {"phi"}
    assert OPEN.unsettled == TRUE
    assert FALSE.unsettled == FALSE
    assert all_hold([]) == TRUE
    assert any_holds([]) == FALSE
    with pytest.raises(TypeError, match="three values"):
        bool(OPEN)


def test_lists_with_an_unnamed_member() -> None:
    def in_sweden(code: str) -> Holds:
        return TRUE if code == "SE" else FALSE

    assert Listed((), frozenset()).within(in_sweden) == TRUE
    assert Listed(("SE", None), frozenset({"phi"})).within(in_sweden) == OPEN
    assert Listed(("US", None), frozenset({"phi"})).within(in_sweden) == FALSE
    assert Listed(("ANY",), frozenset()).within(lambda code: TRUE) == FALSE
    assert Listed(("SE", None), frozenset({"phi"})).contains("SE") == TRUE
    assert Listed(("US", None), frozenset({"phi"})).contains("SE") == OPEN
