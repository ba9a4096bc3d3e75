# SPDX-License-Identifier: MIT
"""The shipped rules with what a story changes in them: its `rulebook` and `directory` (what to
replace by what, once or a list), and its `zone`."""
import os

from day_book import HOME

DEPLOY = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))),
                      "deploy")


def write(story, root):
    """Writes rulebook.yaml and directory.yaml to root, and returns root."""
    for name in ("rulebook", "directory"):
        changes = getattr(story, name, [])
        changes = [changes] if isinstance(changes, tuple) else list(changes)
        if name == "rulebook" and hasattr(story, "zone"):
            changes.append(("zone: " + HOME, "zone: " + story.zone))
        with open(os.path.join(DEPLOY, name + ".yaml"), encoding="utf-8") as file:
            text = file.read()
        for change in changes:
            assert text.count(change[0]) == 1, change
            text = text.replace(*change)
        with open(os.path.join(root, name + ".yaml"), "w", encoding="utf-8") as file:
            file.write(text)
    return root
