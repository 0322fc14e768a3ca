"""One polling thread for all watched batch jobs: jobs in, states out."""

from openeo_widgets.watch._state import Freshness, JobState, Step
from openeo_widgets.watch._watcher import Subscription, Watcher, watcher

__all__ = ["Freshness", "JobState", "Step", "Subscription", "Watcher", "watcher"]
