"""A new workspace: what `portfolio init` puts into a folder."""
