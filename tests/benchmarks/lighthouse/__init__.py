"""The fear: a page that is slow on a phone, or not for everybody. Measured by Lighthouse.

`python -m tests.benchmarks.lighthouse [--only "a ride" …]` measures the pages alone.
"""
