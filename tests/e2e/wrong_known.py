# SPDX-License-Identifier: MIT
"""Rows of the tables that the product does not meet yet, and what happens instead. Each is tried by
itself in an installation of its own; one that is met has to leave this list."""

KNOWN = {}

# Codes that no client can be answered with, and why.
NOT_MET = {
    "ok": "says that nothing is wrong",
    "internal": "would mean that we are wrong; a service ends instead of guessing",
    "file_unreadable": "the command line gives the system's own words for a file",
}
