"""Real servers on this machine: Kubernetes' control plane, Argo CD and Gitea, on loopback.

Starting, awaiting and stopping processes belongs here, and the settings that each of them needs to
run for one person on one machine; and being a guest in a cluster that somebody gives instead. What
is said to the servers afterwards belongs to ``cluster`` and ``forge``; which programs there are, to
the set-up. Nothing here outlives whoever started it.
"""
