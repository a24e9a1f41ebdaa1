"""Write a simulated client: ``python -m helpers.simulate northfield data/northfield``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from helpers.simulate import SCENARIOS, world, write_client
from helpers.simulate.settings import SEED


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the client folder that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m helpers.simulate", description=__doc__)
    parser.add_argument("scenario", choices=SCENARIOS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args(arguments)
    written = write_client(world(asked.seed, asked.scenario), asked.folder)
    size = sum(path.stat().st_size for path in written)
    print(f"{len(written)} files, {size / 1e6:.2f} MB in {asked.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
