"""Fresh kernels, forked from a process that has the libraries imported already.

Every chapter gets a real ipykernel in a process of its own, forked from the server of
`press.warm` through Jupyter's kernel provisioner mechanism. State is
fresh and outputs equal those of plain kernels. Where forking is not possible the
plain kernel is used.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from uuid import uuid4

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner
from traitlets.config import Config

from helpers.press.warm import CAP, LONGEST_SOCKET, can_fork, context, prepare

__all__ = ["ForkedProvisioner", "can_fork", "connection", "kernel_name", "prepare", "stop"]


def kernel_name() -> str:
    """The kernel that chapters run in: preloaded where possible, else the plain one."""
    plain = os.environ.get("HANDBOOK_PLAIN_KERNELS") == "1"
    return "handbook" if can_fork() and not plain else "python3"


def connection() -> Config:
    """A connection over a socket file of its own: kernels never race for a port."""
    if os.name != "posix":
        return Config()
    socket = Path(gettempdir()) / f"k-{uuid4().hex[:12]}"
    if len(os.fsencode(socket)) > LONGEST_SOCKET:
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "ip": str(socket)}})


def stop() -> None:
    """Kill every forked kernel at work, so that none writes after its run was interrupted."""
    for kernel in multiprocessing.active_children():
        kernel.kill()


class _Forked:
    """The part of ``subprocess.Popen`` that Jupyter uses, over a forked process."""

    stdin = stdout = stderr = None

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process
        self.pid = process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        self._process.join(timeout)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.pid is not None and self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class ForkedProvisioner(LocalProvisioner):
    """Starts kernels from a preloaded fork server; a plain process where that is not possible."""

    async def launch_kernel(
        self,
        cmd: list[str],
        **kwargs: Any,  # noqa: ANN401 - as Jupyter declares it
    ) -> KernelConnectionInfo:
        """Fork a kernel that listens on the connection file named in ``cmd``."""
        if not can_fork():
            return await super().launch_kernel(cmd, **kwargs)
        environment = dict(kwargs.get("env") or os.environ)
        folder = str(kwargs.get("cwd") or Path.cwd())
        process = context().Process(
            target=_serve, args=(cmd[cmd.index("-f") :], environment, folder), daemon=True
        )
        process.start()
        self.process = _Forked(process)  # type: ignore[assignment]
        self.pid = self.pgid = process.pid
        return self.connection_info


def _end_with_the_run() -> None:
    """End this kernel when the process that asked for it is gone, however it went.

    A process of its own looks after that: a thread would wait for ever where a cell holds
    the interpreter. It ends with the kernel, whose end of the pipe then closes.
    """
    run = multiprocessing.parent_process()
    if run is None:
        return
    kernel = os.getpid()
    ends, alive = os.pipe()
    if os.fork():
        os.close(ends)  # `alive` stays open as long as the kernel lives
        return
    try:
        os.close(alive)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # a cell that is interrupted goes on
        if run.sentinel in wait([run.sentinel, ends]):
            os.kill(kernel, signal.SIGKILL)
    finally:
        os._exit(0)


def _capped(most: str) -> None:
    """Let a cell that asks for more memory than there is for it fail alone, by its name."""
    if most:
        import resource  # not on every system

        resource.setrlimit(resource.RLIMIT_DATA, (int(most), resource.RLIM_INFINITY))


def _serve(arguments: list[str], environment: dict[str, str], folder: str) -> None:
    """Run a kernel until it is told to stop (in the forked process)."""
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    _end_with_the_run()
    os.environ.clear()
    os.environ.update(environment)
    _capped(environment.get(CAP, ""))
    parent = os.getppid()  # the fork server: the kernel ends with it
    os.environ["JPY_PARENT_PID"] = str(parent)
    os.chdir(folder)
    sys.argv = ["ipykernel_launcher", *arguments]
    app = IPKernelApp.instance(parent_handle=parent, log_level=logging.CRITICAL)
    app.initialize(arguments)
    if app.shell is not None:
        app.shell.enable_matplotlib("inline")
    app.start()
