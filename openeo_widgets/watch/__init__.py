"""One polling thread for all watched batch jobs: jobs in, states out."""

from openeo_widgets.watch._action import Action
from openeo_widgets.watch._changes import Changes
from openeo_widgets.watch._clock import Clock
from openeo_widgets.watch._log_follower import LogFollower, LogsKnown
from openeo_widgets.watch._state import Freshness, JobState, Step
from openeo_widgets.watch._waiting import Waiting
from openeo_widgets.watch._watcher import Subscription, Watcher, watcher

__all__ = [
    "Action",
    "Changes",
    "Clock",
    "Freshness",
    "JobState",
    "LogFollower",
    "LogsKnown",
    "Step",
    "Subscription",
    "Waiting",
    "Watcher",
    "watcher",
]
