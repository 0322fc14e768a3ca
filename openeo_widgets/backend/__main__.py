"""``python -m openeo_widgets.backend``."""

import sys

from openeo_widgets.backend import main

if __name__ == "__main__":
    sys.exit(main())
