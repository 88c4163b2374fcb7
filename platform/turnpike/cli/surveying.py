"""What a plan reads of one instance: main and the record, and what an earlier plan kept of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from turnpike.cli.sweeping import seal_secret
from turnpike.cli.wiring import House
from turnpike.documents.canonical import canonical, to_json
from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.errors import InputError
from turnpike.installation.naming import cache_folder
from turnpike.judge.layout import ModelKey
from turnpike.promotion.ground import Fleet, Ground
from turnpike.promotion.survey import Known, Listing, fleet_on, listing_on
from turnpike.promotion.survey_cache import Kept, SurveyCache
from turnpike.promotion.testimony import Heard, Said, heard_about, heard_in, heard_since
from turnpike.record.record import Record


@dataclass(slots=True)
class Survey:
    """One reading of everything; ``kept`` is what may be believed of an earlier one."""

    house: House
    ground: Ground
    record: Record
    now: datetime
    cache: SurveyCache | None
    kept: Kept

    @classmethod
    def begun(cls, house: House, ground: Ground, record: Record, now: datetime) -> Survey:
        """Begin with what an earlier plan of this instance kept."""
        secret = seal_secret(house)
        file = cache_folder() / "plans" / f"{house.instance.genesis}.json"
        cache = SurveyCache(file, secret) if secret else None
        return cls(house, ground, record, now, cache, cache.read() if cache else Kept())

    def listing(self) -> Listing:
        """Return what stands where; listed anew where models or environments have changed."""
        kept = self.kept
        if kept.trees != self._trees():
            return listing_on(self.house.host, self.ground.main)
        manifests = {_key(text): ObjectId(blob) for text, blob in kept.manifests.items()}
        return Listing(manifests, {path: ObjectId(blob) for path, blob in kept.places.items()})

    def fleet(self, listing: Listing) -> Fleet:
        """Return the models that are listed; what was read before is not read again."""
        known = Known(
            {ObjectId(blob): brief for blob, brief in self.kept.briefs.items()},
            {ObjectId(blob): release for blob, release in self.kept.releases.items()},
        )
        return fleet_on(self.house.host, listing, known)

    def published(self, artifacts: frozenset[Digest]) -> Said:
        """Return what counts of what observers published and no decision has recorded yet."""
        if not artifacts:
            return {}
        offered = self.house.forge().observations(artifacts)
        return heard_in(offered, artifacts, self.ground.keys, self.now)

    def heard(self, artifacts: frozenset[Digest]) -> Heard:
        """Return what counts of what the record has of observers and findings about artifacts."""
        kept, keys = self.kept, self.ground.keys
        before = Heard(dict(kept.heard), dict(kept.sounds)).about(artifacts)
        if kept.keys != self._keys() or not self._has_grown_from(kept.record):
            before = Heard()
        found = heard_about(self.record, artifacts - before.said.keys(), keys, self.now)
        if not before.said:
            return found
        earlier = ObjectId(kept.record)
        return found | heard_since(self.record, earlier, before, keys, self.now)

    def keep(self, listing: Listing, fleet: Fleet, heard: Heard) -> None:
        """Keep all of this for the next plan, unless it is what is kept already."""
        tip = self.record.commit() or ""
        marks = (self._trees(), tip, self._keys())
        if self.cache is None or marks == (self.kept.trees, self.kept.record, self.kept.keys):
            return
        releases = {
            b: fleet.releases[p] for p, b in listing.releases.items() if p in fleet.releases
        }
        self.cache.keep(
            Kept(
                trees=marks[0],
                manifests={str(key): blob for key, blob in listing.manifests.items()},
                places=listing.releases,
                briefs=dict(fleet.briefs),
                releases=releases,
                record=tip,
                keys=marks[2],
                heard=heard.said,
                sounds=heard.sounds,
            )
        )

    def _trees(self) -> tuple[str, str]:
        host, main = self.house.host, self.ground.main
        return host.tree_id(main, "models") or "", host.tree_id(main, "environments") or ""

    def _keys(self) -> str:
        """Return a digest of the keys that count now: by others, other statements count."""
        valid = [to_json(key) for key in self.ground.keys if key.is_valid_at(self.now)]
        return digest_of(canonical(valid))

    def _has_grown_from(self, earlier: str) -> bool:
        tip = self.record.commit()
        if not earlier or tip is None:
            return False
        host = self.house.host
        try:
            return earlier == tip or host.is_ancestor(host.resolve(earlier), tip)
        except InputError:  # another copy of this instance kept what this one does not have
            return False


def _key(text: str) -> ModelKey:
    team, _, model = text.partition("/")
    return ModelKey(team, model)
