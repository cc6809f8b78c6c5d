"""Measurements, as ratios within one run; `make bench` compares our engine with its peers."""

import time

BEGAN = time.monotonic()
"""When this process began, nearly: Python imports the package before anything in it."""
