# SPDX-License-Identifier: Apache-2.0
"""What machine this is, and what else it does while a contender is timed."""
import os
import platform
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def after_colon(path, key):
    for line in Path(path).read_text().splitlines():
        if line.startswith(key) and ":" in line:
            return line.split(":", 1)[1].strip()
    return None


def processor():
    return after_colon("/proc/cpuinfo", "model name") or platform.machine()


def description():
    system = {}
    if Path("/etc/os-release").exists():
        lines = Path("/etc/os-release").read_text().splitlines()
        system = dict(line.split("=", 1) for line in lines if "=" in line)
    memory = int((after_colon("/proc/meminfo", "MemTotal") or "0 kB").split()[0])
    return {"cpu": processor(), "cpus": len(os.sched_getaffinity(0)), "memory_gb": round(memory * 1024 / 1e9, 1),
            "system": system.get("PRETTY_NAME", platform.system()).strip('"')}


def all_cpus(stat):
    """(seconds of work, seconds that the host gave to others) of all processors since the start, from /proc/stat."""
    user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, stat.split("\n", 1)[0].split()[1:9])
    return (user + nice + system + irq + softirq) / TICKS, steal / TICKS


def cpu_seconds(pid):
    """Of a living process, all its threads, and children it has waited for."""
    text = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, text[11:15])) / TICKS


def peak_memory_mb(pid):
    """The most that a living process has held."""
    peak = after_colon(f"/proc/{pid}/status", "VmHWM")
    return int(peak.split()[0]) * 1024 / 1e6 if peak else None


class Watch:
    """How many processors other programs kept busy since this was made."""

    def __init__(self, clock):
        self.clock = clock
        self.begin = clock()
        self.work, self.stolen = self.read()

    @staticmethod
    def read():
        return all_cpus(Path("/proc/stat").read_text())

    def others(self, own_seconds):
        """Beside what the contender itself used; time that the host took away counts too."""
        work, stolen = self.read()
        passed = max(self.clock() - self.begin, 1e-9)
        return round(max(0.0, work - self.work - own_seconds + stolen - self.stolen) / passed, 3)
