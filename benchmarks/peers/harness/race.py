# SPDX-License-Identifier: Apache-2.0
"""The order of a comparison: heats among a contender's variants, then all contenders in turns, mien among them."""
import statistics

from .process import Failure
from .racers import Mien, Peer

HEAT_TURNS = 3


def not_timed(contender, status, why):
    return {"name": contender.name, "label": contender.label, "precision": contender.precision, "status": status, "why": why}


def heat(contender, variant, row, setup):
    """(a warm contender, what it reached)."""
    peer = Peer(contender, variant, row, setup)
    try:
        peer.warm_up()
        for _ in range(HEAT_TURNS):
            peer.turn()
    except Failure:
        peer.close()
        raise
    return peer, statistics.median(peer.record["images_per_s"])


def fastest(contender, row, setup, say):
    """The fastest variant, warm; its record says how the others did. Raises the first Failure if none can be timed."""
    best, heats, failures, memory = None, {}, [], []
    variants = contender.variants[row.task]
    for variant in variants[:1] if setup.quick else variants:
        say(f"{contender.name}, {variant}")
        try:
            peer, heats[variant] = heat(contender, variant, row, setup)
        except Failure as failure:
            heats[variant] = str(failure)
            failures.append(failure)
            continue
        if best is None or heats[variant] > heats[best.record["variant"]]:
            best, peer = peer, best
        if peer is not None:
            peer.close()
            memory.append(peer.record.get("memory_mb"))
    if best is None:
        raise failures[0]
    best.record |= {"images_per_s": [], "others": [], "heats": heats, "memory_of_others_mb": memory}
    return best


def enter(contender, row, setup, say):
    """(a racer, None) or (None, the record of one that is not timed)."""
    missing = setup.missing(contender)
    if missing:
        return None, not_timed(contender, "skipped", missing)
    try:
        return fastest(contender, row, setup, say), None
    except Failure as failure:
        return None, not_timed(contender, failure.status, str(failure))


def finish(racer):
    """Ends it; its record is complete then. Memory is that of the thriftiest variant."""
    racer.close()
    record = {"status": "timed"} | racer.record
    memory = [m for m in [record.get("memory_mb"), *record.pop("memory_of_others_mb", [])] if m]
    return record | ({"memory_mb": round(min(memory))} if memory else {})


def take_turns(racers, turns, say):
    for turn in range(turns):
        say(f"turn {turn + 1} of {turns}, {len(racers)} contenders")
        first = turn % len(racers)  # nobody always comes after the same one
        for racer in racers[first:] + racers[:first]:
            try:
                if "status" not in racer.record:
                    racer.turn()
            except Failure as failure:
                racer.record |= {"status": failure.status, "why": str(failure)}


def compare(row, contenders, setup, say):
    """Runs one row; returns what the results keep of it."""
    records, racers = [], []
    try:
        say("mien")
        try:
            racers.append(Mien(row, setup))
        except Failure as failure:
            records.append({"name": "mien", "label": "mien", "precision": "f32", "status": failure.status, "why": str(failure)})
        for contender in contenders:
            if contender.takes_part(row):
                racer, record = enter(contender, row, setup, say)
                racers += [racer] if racer else []
                records += [record] if record else []
        if racers:
            take_turns(racers, setup.rounds, say)
    finally:
        records += [finish(racer) for racer in racers]
    return {**row._asdict(), "entries": records}
