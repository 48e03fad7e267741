"""Some measures' figures as arrays, with what the measures are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from goldenthread.authorities import citizens
from goldenthread.catalogue import Measure
from goldenthread.cube import Cube
from goldenthread.findings.terms import Texts
from goldenthread.findings.whose import provision


@dataclass(frozen=True)
class Chunk:
    """A cube and what its measures are, as arrays along its first axis."""

    cube: Cube
    measures: Sequence[Measure]

    def each(self, field: str) -> Texts:
        """Give a field of each measure."""
        return np.array([getattr(measure, field) for measure in self.measures], dtype=object)

    def provision(self, column: str) -> Texts:
        """Give a column of who provides each measure's service, (M, A); the place's own is everybody's."""
        nobody = {"provided": True, "exempt": False, "provider": ""}[column]
        everybody = np.full(len(citizens()), nobody, dtype=object)
        return np.array(
            [
                provision(measure.service)[column].to_numpy(dtype=object)
                if measure.service
                else everybody
                for measure in self.measures
            ]
        )
