"""What all tests share."""

import os
import signal

import hypothesis

# A proxy that is set for the machine must not come between the tests and their own servers.
for name in ("no_proxy", "NO_PROXY"):
    os.environ[name] = ",".join(filter(None, (os.environ.get(name), "127.0.0.1", "localhost")))

# What a shell starts in the background ignores Ctrl-C, which some tests are about.
signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile("quiet", deadline=None, database=None)
hypothesis.settings.load_profile("quiet")
