"""Does every cell of the matrix of access come out as Cedar decides it? All of them, and how many.

python soak/matrix.py
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from pratique.policy.access import shipped_access
from pratique.policy.elements import catalogue
from pratique.policy.roles import shipped_roles
from tests.policy import matrix

EXAMPLES = Path(__file__).parent.parent / "examples/agreements"
BAR_ELEMENT_CELLS = 7_200


def main() -> int:
    started = time.monotonic()
    words, operations = shipped_roles(), shipped_access().operations
    different: list[object] = []
    decided = shown = agreed = 0
    for phase in words.phases:
        cells = matrix.operation_cells(operations, [phase], words.purposes)
        different += matrix.operation_differences(cells)
        decided += len(cells)
        for channel in matrix.CHANNELS:
            different += matrix.element_differences(phase, channel, catalogue())
            shown += len(catalogue()) * len(words.roles) * len(words.purposes)
    for path in sorted(EXAMPLES.glob("*.toml")):
        paths = list(catalogue())[::7]
        different += matrix.agreement_differences(path, paths)
        agreed += len(paths) * len(words.roles) * len(words.purposes) * len(matrix.LANES) * 2
    print(
        json.dumps(
            {
                "question": "cells of the matrix of access that Cedar decides otherwise",
                "elements": len(catalogue()),
                "roles": len(words.roles),
                "purposes": len(words.purposes),
                "phases": len(words.phases),
                "operations": len(operations),
                "relations": len(shipped_access().relations),
                "operation_cells": decided,
                "element_cells": shown,
                "bar_element_cells": BAR_ELEMENT_CELLS,
                "cells_under_agreements": agreed,
                "differences": len(different),
                "bar_differences": 0,
                "seconds": round(time.monotonic() - started),
            },
            indent=1,
        )
    )
    for each in different[:20]:
        print(each)
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
