"""Speed against named peers: same run, same input, CPU time."""
