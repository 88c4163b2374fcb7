"""The chapters of the story, in order; each runs real verbs and checks what they say."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from turnpike.cli.story.cast import (
    ALL,
    BOT,
    HERO,
    OTHERS,
    RELEASE_MANAGER,
    RISK,
    Sample,
)
from turnpike.cli.story.teller import Teller
from turnpike.cli.story.workshop import Running, Workshop, broken
from turnpike.cluster.interface import served_name

_SERVED = served_name(*HERO.key.split("/"))
TOGETHER = ("--together",)
"""All teams ride in one change, so that there is one number to review and to merge."""


@dataclass(slots=True)
class Story:
    """What the chapters share: who tells, who works, and the number of each pull request."""

    teller: Teller
    workshop: Workshop
    sandbox: str | None
    numbers: dict[str, int] = field(default_factory=dict)

    def tell(self) -> None:
        """Tell all chapters."""
        self.register()
        self.open()
        self.deny()
        self.validate()
        with self.workshop.running("serve") as server:
            self.approve()
            worse, better = self._candidates()
            folders = [str(one.monorepo / HERO.folder) for one in (worse, better)]
            with self.workshop.running("register", *folders) as training:
                self.release(training)
                self.serve(server)
                number = self.refuse_worse(training, worse, better)
            self.update_and_roll_back(server, number)
        self.refuse_bypass()
        self.answer()

    def register(self) -> None:
        """Train and register every sample."""
        with self.teller.chapter("Train and register", "five drafts got their artifact block"):
            self.teller.say("Three teams bring five drafts: manifest, card, training, checks.")
            for sample in ALL:
                self.workshop.bring(sample)
            self.teller.run("register", *(sample.folder for sample in ALL), shows="sha256:")

    def open(self) -> None:
        """Open one pull request for each sample; the first one with mistakes in it."""
        with self.teller.chapter("Open pull requests", "one for each model"):
            self.teller.say("Maria forgot the on-call rotation and set her threshold too low.")
            manifest = self.workshop.monorepo / HERO.folder / "model.yaml"
            good = manifest.read_text(encoding="utf-8")
            self._forget_on_call()
            self.workshop.edit(HERO, "model.yaml", "roc_auc: 0.97", "roc_auc: 0.71")
            self._open(HERO, f"Add {HERO.key}")
            for sample in OTHERS:
                self._open(sample, f"Add {sample.key}")
            self.workshop.git("switch", "--quiet", HERO.branch)
            manifest.write_text(good, encoding="utf-8")

    def deny(self) -> None:
        """Show a denial for several reasons at once."""
        with self.teller.chapter("The gate says no", "denied for many reasons at once"):
            self.teller.say("Each reason has a code, what was expected and found, and a next step.")
            number = str(self.numbers[HERO.key])
            denied = json.loads(self.teller.run("gate", "--pr", number, "--json", expect=1))
            codes = sorted({finding["code"] for finding in denied["findings"]})
            self.teller.say(f"{len(denied['findings'])} reasons: {', '.join(codes)}")
            self.teller.run("gate", "--pr", number, expect=1, shows="threshold-below-floor")

    def validate(self) -> None:
        """Correct the manifest, then validate all models in the sandbox."""
        title = "Validate without a network"
        with self.teller.chapter(title, "signed statements travel with each pull request"):
            self.teller.say("Maria corrects her manifest. Each model runs twice: once in the")
            self.teller.say("platform's container, once with the team's own checks.")
            self.workshop.commit(HERO, "Name the on-call rotation, raise the threshold")
            number = str(self.numbers[HERO.key])
            self.teller.run("pr", "push", number, "--as", HERO.author)
            self._validate(*map(str, self.numbers.values()))

    def approve(self) -> None:
        """Approve and merge: the author's review and a stale one do not count."""
        with self.teller.chapter("Approve and merge", "owners and risk approved; five merges"):
            number = str(self.numbers[HERO.key])
            self.teller.say("From now on a model server follows what production's releases say.")
            self.teller.command("serve", beside=True)
            self.teller.say("Maria's approval of her own change does not count.")
            self._approve(number, HERO.author)
            self._approve(number, HERO.reviewer)
            self.teller.run("gate", "--pr", number, expect=1, shows="approval.own-change")
            self.teller.say("A late push voids Tom's approval.")
            self._touch_card()
            self.teller.run("pr", "push", number, "--as", HERO.author)
            self.teller.run("gate", "--pr", number, expect=1, shows="approval.stale")
            self._approve(number, HERO.reviewer)
            self._approve(number, RISK)
            for sample in OTHERS:
                self._approve(str(self.numbers[sample.key]), sample.reviewer)
            every = [str(self.numbers[sample.key]) for sample in ALL]
            self.teller.run("pr", "merge", *every, shows="merged as")

    def release(self, training: Running) -> None:
        """Release to dev, promote to staging and, with an approval, to production."""
        outcome = "the same digests in three environments on four targets"
        with self.teller.chapter("Release and promote", outcome):
            self.teller.say("Meanwhile Maria trains two candidates for her next version.")
            self.teller.command(*training.words, beside=True)
            keys = [sample.key for sample in ALL]
            dev = self._change("release", *keys, "--to", "dev", "--as", BOT)
            self.teller.run("pr", "merge", dev, shows="merged as")
            staging = self._change("promote", *keys, *TOGETHER, "--to", "staging", "--as", BOT)
            self.teller.run("pr", "merge", staging, shows="merged as")
            production = self._change(
                "promote", *keys, *TOGETHER, "--to", "production", "--as", BOT
            )
            self.teller.say("Production asks a release manager.")
            self.teller.run("gate", "--pr", production, expect=1, shows="release-managers")
            self._approve(production, RELEASE_MANAGER)
            self.teller.run("pr", "merge", production, shows="merged as")

    def serve(self, server: Running) -> None:
        """See what production serves by now, and predict."""
        with self.teller.chapter("Serve and predict", "a prediction from the released digest"):
            self.teller.expect("Serving", server.hear(_SERVED))
            self.teller.run("predict", HERO.key, shows="sha256:")

    def refuse_worse(self, training: Running, worse: Workshop, better: Workshop) -> str:
        """Validate both candidates, refuse the worse one; return the other's pull request."""
        outcome = "denied, with the metric and the margin"
        with self.teller.chapter("Refuse a worse version", outcome):
            self.teller.expect("sha256:", training.end())
            refused = self._candidate(worse, "Regularise more")
            number = self._candidate(better, "Regularise less")
            self.teller.say("The first meets every threshold, and is worse than the live version.")
            self._validate(refused, number, expect=1)
            self._approve(refused, HERO.reviewer)
            self._approve(refused, RISK)
            self.teller.run("pr", "merge", refused, expect=1, shows="regression")
        return number

    def update_and_roll_back(self, server: Running, number: str) -> None:
        """Release a better version, refuse tampered bytes, and roll back."""
        outcome = "tampered bytes were not served; production is back on version 1"
        with self.teller.chapter("Update, refuse tampered bytes, roll back", outcome):
            self._approve(number, HERO.reviewer)
            self._approve(number, RISK)
            self.teller.run("pr", "merge", number, shows="merged as")
            for verb, environment in (("release", "dev"), ("promote", "staging")):
                change = self._change(verb, HERO.key, "--to", environment, "--as", BOT)
                self.teller.run("pr", "merge", change, shows="merged as")
            self._release_tampered(server)
            self.teller.say("Production returns to the release that stood there before.")
            self._to_production("rollback", HERO.key, "--in", "production", "--as", BOT)
            self.teller.expect("Serving", server.hear(_SERVED))
            self.teller.run("predict", HERO.key, shows="sha256:")

    def refuse_bypass(self) -> None:
        """Refuse a push to main that goes around the gate."""
        with self.teller.chapter("Push around the gate", "refused by the host's hook"):
            self.workshop.start("bypass")
            self.workshop.git(
                "commit", "--quiet", "--allow-empty", "--message", "Just this once", by="sam-rivera"
            )
            refused = self.workshop.git("push", "origin", "HEAD:main", fails=True)
            for line in refused.splitlines()[:8]:
                self.teller.say(f"  {line}")

    def answer(self) -> None:
        """Answer the auditor, and notice one edited byte."""
        with self.teller.chapter("Answer the auditor", "every commit on main was judged"):
            self.teller.run("status", HERO.key, shows="production")
            self.teller.run("history", HERO.key, shows="allow")
            self.teller.run("verify", shows="sound")
            self.teller.say("One byte of one object is edited on the host's disk.")
            with broken(self._some_object()):
                self.teller.run("verify", expect=1, shows="damaged")

    # --- what people do again and again -----------------------------------------------------

    def _open(self, sample: Sample, message: str) -> str:
        self.workshop.start(sample.branch)
        self.workshop.commit(sample, message)
        opened = json.loads(self.teller.run("pr", "open", "--as", sample.author, "--json"))
        self.numbers[sample.key] = opened["number"]
        return str(opened["number"])

    def _approve(self, number: str, person: str) -> None:
        self.teller.run("pr", "review", number, "--approve", "--as", person)

    def _change(self, *words: str) -> str:
        opened = json.loads(self.teller.run(*words, "--json"))
        return str(opened["number"])

    def _forget_on_call(self) -> None:
        path = self.workshop.monorepo / HERO.folder / "model.yaml"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        start = lines.index("onCall:\n")
        path.write_text("".join(lines[:start] + lines[start + 3 :]), encoding="utf-8")

    def _touch_card(self) -> None:
        card = self.workshop.monorepo / HERO.folder / "card.md"
        card.write_text(card.read_text(encoding="utf-8") + "\nReviewed twice.\n", encoding="utf-8")
        self.workshop.commit(HERO, "Say that the card was reviewed twice")

    def _candidates(self) -> tuple[Workshop, Workshop]:
        """Change one line of the training, in two working folders beside the clone."""
        found = []
        for name, strength in (("more", "C=0.01"), ("less", "C=2.0")):
            candidate = self.workshop.worktree(f"regularise-{name}")
            candidate.edit(HERO, "train.py", "C=0.5", strength)
            found.append(candidate)
        return found[0], found[1]

    def _candidate(self, candidate: Workshop, message: str) -> str:
        """Commit a trained candidate and open its pull request."""
        candidate.commit(HERO, message)
        head = candidate.git("rev-parse", "HEAD")
        opened = self.teller.run("pr", "open", "--head", head, "--as", HERO.author, "--json")
        return str(json.loads(opened)["number"])

    def _validate(self, *numbers: str, expect: int = 0) -> None:
        every = [word for number in numbers for word in ("--pr", number)]
        chosen = ["--sandbox", self.sandbox] if self.sandbox else []
        self.teller.run("validate", *every, *chosen, expect=expect, shows="platform")

    def _to_production(self, *words: str) -> None:
        change = self._change(*words)
        self._approve(change, RELEASE_MANAGER)
        self.teller.run("pr", "merge", change, shows="merged as")

    def _release_tampered(self, server: Running) -> None:
        lines = json.loads(self.teller.run("status", HERO.key, "--json"))
        digest = next(one["artifact"] for one in lines if one["environment"] == "staging")
        self.teller.say("Somebody flips one byte of the new artifact in the store.")
        with broken(self.workshop.artifact_file(digest)):
            self._to_production("promote", HERO.key, "--to", "production", "--as", BOT)
            self.teller.expect("REFUSED", server.hear("REFUSED"))
            self.teller.run("predict", HERO.key, expect=2, shows="serving.unknown-model")

    def _some_object(self) -> Path:
        objects = self.workshop.instance / "host.git" / "objects"
        return max(objects.rglob("*.pack"), default=None, key=lambda f: f.stat().st_size) or next(
            f for f in sorted(objects.glob("??/*")) if f.is_file()
        )
