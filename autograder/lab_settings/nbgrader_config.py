"""Nothing to set for students: the file is here so that nbgrader does not warn that there is none."""
