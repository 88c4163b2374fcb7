"""The demonstration: the whole road in chapters, each told, timed and run with the real verbs."""
