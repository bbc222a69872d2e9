"""What a shop is asked how often: the corpus has of every tag the same, a shop has not.

Bayes' rule for a changed mix: the odds of a tag are multiplied by how much more frequent it is at the shop than in the
corpus. Only what people said of the shop's messages counts, never what the classifier said itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from classifiers.rows import Row
from classifiers.tags import TAG_IDS

# So much of the mix stays the corpus's, however many labels: what was never asked may be asked tomorrow.
LEAST_EVEN = 0.3
# A point of margin moves the log odds of a tag by about two, see the calibration.
_MARGIN = 0.5


def shop_mix(rows: Iterable[Row], tags: Sequence[str]) -> list[float]:
    """For each tag what to add to its margin; zeros where no row is a shop's (they weigh more than 1).

    A brand's own tags have none: there is no corpus to compare with.
    """
    asked = Counter(tag for row in rows if row.weight > 1.0 for tag in row.tags if tag in TAG_IDS)
    told, kinds = asked.total(), len(TAG_IDS)
    if not told:
        return [0.0] * len(tags)
    even = max(LEAST_EVEN, kinds / (told + kinds))
    return [
        round(_MARGIN * float(np.log((1.0 - even) * kinds * asked[tag] / told + even)), 4)
        if tag in TAG_IDS
        else 0.0
        for tag in tags
    ]
