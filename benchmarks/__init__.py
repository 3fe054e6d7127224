"""Benchmarks: the answer first, then the time, then the ratio to what this machine could do at best in the same run."""
