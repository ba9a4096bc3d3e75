# SPDX-License-Identifier: MIT
"""All trials, by name."""
import trials_bus
import trials_fast
import trials_guard
import trials_outage
import trials_replay
import trials_stepped
import trials_store
import trials_transfer


def trials():
    yield from trials_stepped.trials()
    yield from trials_store.trials()
    yield from trials_fast.trials()
    yield from trials_bus.trials()
    yield from trials_replay.trials()
    yield from trials_outage.trials()
    yield from trials_guard.trials()
    yield from trials_transfer.trials()
