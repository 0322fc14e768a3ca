"""From an asset to something to look at."""
