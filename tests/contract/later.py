"""``askcv`` at a later hour: ``python -m tests.contract.later SECONDS COMMAND…``."""

from __future__ import annotations

import sys
import time

if __name__ == "__main__":
    ahead, real = float(sys.argv.pop(1)), time.time
    time.time = lambda: real() + ahead

    from askcv_agents.cli import main

    main()
