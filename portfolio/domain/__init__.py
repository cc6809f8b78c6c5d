"""What the planner talks about: frozen values, standard library only, no files, no solver."""
