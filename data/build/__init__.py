"""From facts and written rules to the shipped portfolio; `data/build_projects.py` runs it."""
