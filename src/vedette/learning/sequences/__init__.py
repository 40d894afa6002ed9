"""Sequences of events of research: system calls of programs, shapes of lines of blocks and machines."""
