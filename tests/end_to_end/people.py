"""Who writes, owns and approves what in the example company."""

from __future__ import annotations

from turnpike.git.objects import Identity

AUTHORS = {
    "maria-lopez": Identity("Maria López", "maria.lopez@aurora-health.example"),
    "tom-becker": Identity("Tom Becker", "tom.becker@aurora-health.example"),
    "jonas-weber": Identity("Jonas Weber", "jonas.weber@aurora-health.example"),
    "aisha-khan": Identity("Aisha Khan", "aisha.khan@aurora-health.example"),
    "grace-lee": Identity("Grace Lee", "grace.lee@aurora-health.example"),
    "sam-rivera": Identity("Sam Rivera", "sam.rivera@aurora-health.example"),
    "turnpike-bot": Identity("turnpike-bot", "turnpike-bot@aurora-health.example"),
}
BOT = "turnpike-bot"
RISK = "nora-smith"
RELEASE_MANAGER = "grace-lee"
PLATFORM_OWNER = "ida-berg"
