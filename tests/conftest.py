"""What all tests share."""

import os

# A proxy that is set for the machine must not come between the tests and their own servers.
for name in ("no_proxy", "NO_PROXY"):
    os.environ[name] = ",".join(filter(None, (os.environ.get(name), "127.0.0.1", "localhost")))
