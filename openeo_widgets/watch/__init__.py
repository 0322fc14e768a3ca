"""One polling thread for all watched batch jobs: jobs in, states out."""
