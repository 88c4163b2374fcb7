"""Rules are asked of plans here: by the OPA that the launcher would take."""

from end_to_end.installed import set_up_environment

set_up_environment()
