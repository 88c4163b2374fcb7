"""From a team's folder to a registered artifact: train, save, digest, register, write the manifest.

Runs on a data scientist's own machine. The team's code runs in a child process of its own
(``python -m turnpike.registration.training``), never in the process of the command.
"""
