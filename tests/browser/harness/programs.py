"""The programs that the browser tests run against: the Jupyter server and the back-end."""

import collections
import json
import os
import queue
import re
import socket
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

_READY_S = 120
_PAUSE_S = 0.05
_STOP_S = 10

# Settings of JupyterLab that make a test's page quiet and all of its cells present.
_LAB_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}


class Program:
    """A running program whose output is read all the time.

    Args:
        command: What to run.
        environment: Its environment.
        ready: Pattern of the line that tells that it is ready.
    """

    def __init__(self, command, environment, ready):
        self.lines = collections.deque(maxlen=200)
        self._process = subprocess.Popen(  # noqa: S603 - our own commands
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._found = queue.Queue()
        self._reader = threading.Thread(target=self._read, args=(re.compile(ready),), daemon=True)
        self._reader.start()
        self.ready = self._wait_ready()

    @property
    def pid(self):
        return self._process.pid

    def stop(self):
        """End it, and leave nothing behind."""
        self._process.terminate()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(_STOP_S)
        self._process.stdout.close()

    def _wait_ready(self):
        try:
            match = self._found.get(timeout=_READY_S)
        except queue.Empty:
            match = None
        if match is None:
            self.stop()
            raise RuntimeError("Not ready. Its last lines:\n" + "".join(self.lines))
        return match

    def _read(self, ready):
        for line in self._process.stdout:
            self.lines.append(line)
            if match := ready.search(line):
                self._found.put(match)
        self._found.put(None)


class LabServer:
    """A JupyterLab server with everything of its own in one folder.

    Args:
        folder: Where notebooks, settings and Jupyter's files go.
        guard: The ProcessGuard that it and its kernels run under.
    """

    def __init__(self, folder, guard):
        self.root = folder / "root"
        self.root.mkdir()
        self._home = folder / "jupyter"
        self._settings = self._home / "settings"
        for plugin, values in _LAB_SETTINGS.items():
            self.set(plugin, values)
        self.kernel_environment({})
        self._program = Program(self._command(), self._environment(guard), r"(http://\S+?)/lab\b")
        self.url = self._program.ready[1]
        self._wait_listening()

    def set(self, plugin, values):
        """Write a plugin's user settings. A page reads them when it is loaded."""
        package, _, name = plugin.partition(":")
        file = self._settings / package / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), encoding="utf-8")

    def kernel_environment(self, variables):
        """Set variables for the kernels that start from now on."""
        file = self._home / "share" / "kernels" / "python3" / "kernel.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        # Another environment's, to try other versions of ipykernel.
        python = os.environ.get("OPENEO_WIDGETS_KERNEL", sys.executable)
        spec = {
            "argv": [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            "display_name": "Python 3",
            "language": "python",
            "env": variables,
        }
        file.write_text(json.dumps(spec), encoding="utf-8")

    def stop(self):
        self._program.stop()

    def _wait_listening(self):
        """Wait until the port answers: the server tells its address a moment before."""
        parts = urlsplit(self.url)
        deadline = time.monotonic() + _READY_S
        while True:
            try:
                socket.create_connection((parts.hostname, parts.port)).close()
            except ConnectionRefusedError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_PAUSE_S)
            else:
                return

    def _command(self):
        return [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
            *("--ServerApp.ip=127.0.0.1", "--ServerApp.port=0"),
            f"--ServerApp.root_dir={self.root}",
            *("--IdentityProvider.token=", "--ServerApp.password="),
            "--ServerApp.disable_check_xsrf=True",
            "--LabApp.expose_app_in_browser=True",
            "--LabApp.extension_manager=readonly",
            "--LabApp.news_url=None",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        ]

    def _environment(self, guard):
        return {
            **guard.environment(),
            "JUPYTER_CONFIG_DIR": str(self._home / "config"),
            "JUPYTER_DATA_DIR": str(self._home / "data"),
            "JUPYTER_RUNTIME_DIR": str(self._home / "runtime"),
            "JUPYTER_PATH": str(self._home / "share"),
            "JUPYTERLAB_SETTINGS_DIR": str(self._settings),
            "JUPYTERLAB_WORKSPACES_DIR": str(self._home / "workspaces"),
            "IPYTHONDIR": str(self._home / "ipython"),
        }


class Backend:
    """The local back-end, as a program of its own.

    Args:
        data: Where its data go.
        guard: The ProcessGuard that it runs under.
        port: Its port; 0 takes a free one.
        arguments: More arguments of its command line.
    """

    def __init__(self, data, guard, *, port=0, arguments=()):
        self.data = data
        command = [sys.executable, "-m", "openeo_widgets.backend", "--port", str(port)]
        self._program = Program(
            [*command, "--data", str(data), *arguments],
            guard.environment(),
            r"back-end ready at (http://\S+)",
        )
        self.url = self._program.ready[1]
        self.port = int(self.url.rpartition(":")[2].rstrip("/"))
        self.pid = self._program.pid

    @property
    def lines(self):
        """The last lines that it wrote."""
        return list(self._program.lines)

    def stop(self):
        self._program.stop()
