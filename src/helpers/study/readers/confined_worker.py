"""The process that reads files from outside; started by path, so it imports little."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from collections.abc import Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

try:
    import resource
except ImportError:  # not on Windows: there the clock of the asking process alone holds
    resource = None  # type: ignore[assignment]

RESERVED = 1_500_000_000  # bytes of addresses for programs and threads, hardly any in use
MODULES: dict[str, ModuleType] = {}


def main() -> None:
    """Answer requests, one a line, until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no reply
    for line in sys.stdin:
        request = json.loads(line)
        home = Path.cwd()
        answer = _answer(request)
        os.chdir(home)
        (Path(request["folder"]) / "reply.json").write_text(answer, encoding="utf-8")
        print("done", file=replies, flush=True)


def _answer(request: Mapping[str, Any]) -> str:
    """The reply of a reader, or why there is none, as JSON."""
    try:
        module = _module(request["module"])
        _limit(request["memory"], request["seconds"])
        path, folder = Path(request["path"]), Path(request["folder"])
        return json.dumps({"reply": module.read(path, folder, **request["options"])})
    except MemoryError:
        size = request["memory"] / 1e9
        return json.dumps({"fault": f"it needs more memory than a table may take ({size:g} GB)"})
    except BaseException as fault:  # a panic of a library in Rust is no Exception
        return json.dumps({"fault": _in_a_line(fault)})


def _in_a_line(fault: BaseException) -> str:
    """What a library says, without the picture of a query's line that DuckDB adds."""
    text = re.sub(r"\s*LINE \d+:.*", "", str(fault), flags=re.S)
    return " ".join(text.split())[:300] or type(fault).__name__


def _module(path: str) -> ModuleType:
    if path not in MODULES:
        spec = spec_from_file_location(Path(path).stem, path)
        assert spec is not None and spec.loader is not None
        module = module_from_spec(spec)
        sys.modules[spec.name] = module  # where dataclasses and pickles look for it
        spec.loader.exec_module(module)
        MODULES[path] = module
    return MODULES[path]


def _limit(memory: int, seconds: float) -> None:
    """Hold what comes to so much address space, and to so many seconds from now on."""
    if resource is None:
        return
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    _set("RLIMIT_CPU", int(used + seconds) + 1)
    _set("RLIMIT_DATA", memory)
    _set("RLIMIT_AS", memory + RESERVED)
    _set("RLIMIT_CORE", 0)


def _set(name: str, most: int) -> None:
    which = getattr(resource, name, None)
    if which is None:
        return
    hard = resource.getrlimit(which)[1]
    try:
        resource.setrlimit(
            which, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard)
        )
    except (OSError, ValueError):  # macOS knows the limit on memory and refuses to set it
        return


if __name__ == "__main__":
    main()
