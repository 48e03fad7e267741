"""The words a finding can hold, and the thresholds behind them."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from goldenthread import areas
from goldenthread.analysis import control

ENGLAND: Final = areas.ENGLAND
#: How many years the earlier figure lies back.
YEARS_BACK: Final = 5
#: With fewer councils than this there is no middle to speak of, and nobody is ranked.
ENOUGH: Final = 5
#: With fewer points than this a control chart says nothing; with fewer than `SETTLED` its limits are
#: on trial.
ENOUGH_POINTS: Final = 10
SETTLED: Final = control.ENOUGH
#: With fewer years than this nothing is said of all years together.
MANY_YEARS: Final = 6
#: A rate on fewer cases than this changes a good deal with each one.
SMALL: Final = 20
#: How a note says on what basis a council reports, whatever else it says.
BASIS: Final = r"(Reporting basis: [^.]*)"
#: Months between one edition and the next, and of grace, before a figure counts as late.
RHYTHM: Final = {"annual": (12, 9), "quarterly": (3, 3), "monthly": (1, 3), "daily": (1, 3)}

#: What each council's figure is warned of, and where the warning is true.
WARNINGS: Final = ("provisional", "estimated", "rebased", "small", "broken", "basis")
AGAINST: Final = ("higher", "similar", "lower", "not compared")
CURRENCY: Final = ("up to date", "ageing", "out of date", "")
TRENDS: Final = ("increasing", "decreasing", "no significant change", "cannot be calculated")
#: How many comparisons of one authority with another are made at once.
COMPARED: Final = 20_000_000
CHANGES: Final = ("", "risen", "fallen", "steady")
CHANGED_BY: Final = ("", "signal", "trend", "long trend")
CHANGE_IS: Final = ("", "better", "worse")
VARIATION: Final = ("", "common cause", "improving", "concerning", "neutral change")

Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]
