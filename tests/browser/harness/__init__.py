"""What the browser tests stand on: servers, a browser, a page with JupyterLab, and guards."""

from harness.gallery import Gallery
from harness.lab import CHROMIUM_ARGUMENTS, Lab
from harness.maps import MapOnScreen
from harness.network import ProcessGuard
from harness.notebook import Notebook
from harness.programs import Backend, LabServer
from harness.scripted import ITEM, ScriptedBackend
from harness.waiting import wait_seen, wait_still

__all__ = [
    "CHROMIUM_ARGUMENTS",
    "ITEM",
    "Backend",
    "Gallery",
    "Lab",
    "LabServer",
    "MapOnScreen",
    "Notebook",
    "ProcessGuard",
    "ScriptedBackend",
    "wait_seen",
    "wait_still",
]
