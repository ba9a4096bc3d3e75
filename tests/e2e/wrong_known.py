# SPDX-License-Identifier: MIT
"""Rows of the tables that the product does not meet yet, and what happens instead. Each is tried by
itself in an installation of its own; one that is met has to leave this list."""

KNOWN = {
    # the command line
    "check a directory in place of a file": "the same",
    "replay without rules": "exit status 1",
    "a mistake in doorstep.yaml is no missing installation": "said to be missing all the same",
    "check a file with a NUL": "not read beyond it",
    "check a file of more than half a mebibyte": "exit status 2",
    # doorstep.yaml
    "a run directory too long for sockets": "the bound that is named is another",
    "a time-out of more than a minute": "the bounds are not named",
}

# Codes that no client can be answered with, and why.
NOT_MET = {
    "ok": "says that nothing is wrong",
    "internal": "would mean that we are wrong; a service ends instead of guessing",
    "file_unreadable": "the command line gives the system's own words for a file",
}
