"""One polling thread for all watched batch jobs: jobs in, states out."""

from openeo_widgets.watch._action import Action
from openeo_widgets.watch._changes import Changes
from openeo_widgets.watch._clock import Clock
from openeo_widgets.watch._log_follower import LogFollower, LogsKnown
from openeo_widgets.watch._outage import in_words
from openeo_widgets.watch._state import Freshness, JobState, Step
from openeo_widgets.watch._subscription import Subscription
from openeo_widgets.watch._waiting import Limits, hear_of_end, wait_for_end
from openeo_widgets.watch._watcher import Watcher, watcher

__all__ = [
    "Action",
    "Changes",
    "Clock",
    "Freshness",
    "JobState",
    "Limits",
    "LogFollower",
    "LogsKnown",
    "Step",
    "Subscription",
    "Watcher",
    "hear_of_end",
    "in_words",
    "wait_for_end",
    "watcher",
]
