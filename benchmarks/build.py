"""Make the data of a benchmark: raw lines, if they are not there yet, and the stage under the default policy.

The stage is made anew each time, for it has to be what today's cleaning makes.
"""

import sys
from pathlib import Path

import ours
import synthetic

from holdfast.engine import DuckEngine


def main(raw: str, lines: str, stage: str, memory_limit: str) -> None:
    """`stage` is blank where no task needs one."""
    synthetic.write_parquet(Path(raw), int(lines))
    if stage:
        with DuckEngine(memory_limit=memory_limit or None, spill=Path(raw).parent) as engine:
            ours.write_stage(engine, Path(raw), policy="default", into=Path(stage))


if __name__ == "__main__":
    main(*sys.argv[1:])
