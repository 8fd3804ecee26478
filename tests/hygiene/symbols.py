# SPDX-License-Identifier: Apache-2.0
"""What the compiled library promises: `symbols.py NM OBJDUMP libmien.a`."""
import re
import subprocess
import sys

# A mistake of the library's own ends in std::terminate at worst; a caller's in mien::Error. Neither prints.
FORBIDDEN = re.compile(r"_ZSt[45](?:cout|cerr|clog|wcout|wcerr)|(?:__)?v?f?printf(?:_chk)?|puts|fputs|putchar|putc|perror|stdout|stderr|"
                       r"exit|_exit|_Exit|quick_exit|abort|__assert_fail|_ZN3hwy5AbortEPKciS1_z")
RUNS_FIRST = re.compile(r"10kernel_setE|9supportedE")  # on every processor, to find out which one it is
READS_ENVIRONMENT = {"kernels.cpp.o"}  # MIEN_KERNELS


def quiet(nm):
    """Nothing prints, exits or reads the environment; no reference function could be exchanged for a user's copy."""
    member = ""
    for line in nm.splitlines():
        if line.endswith(":"):
            member = line[:-1]
            continue
        found = re.match(r"[0-9a-f ]*\s(\w) (\S+)", line)
        if not found:
            continue
        kind, name = found[1], found[2]
        if kind == "U" and FORBIDDEN.fullmatch(name):
            yield f"{member} uses {name}: the library never prints, exits or aborts; throw mien::Error"
        if kind == "U" and name in ("getenv", "secure_getenv") and member not in READS_ENVIRONMENT:
            yield f"{member} reads the environment: only {', '.join(READS_ENVIRONMENT)} does, for MIEN_KERNELS"
        if kind in "WV" and name.startswith("_ZN4mien9reference"):
            yield f"{member} has the weak {name}: instantiate the reference in a namespace of lib's own"


def leaked(disassembly, weak):
    """A weak function may be used by any other object, so it holds no instruction that not every processor has; nor does
    what runs before the processor is known.

    What is compiled for one target has the target in its name (Highway: N_AVX2), and is called through dispatch alone.
    """
    name = ""
    for line in disassembly.splitlines():
        if line.endswith(">:"):
            name = line.split("<", 1)[1][:-2]
        elif re.search(r"%[yz]mm|%k[1-7]\b|:\s+v[a-z]", line):
            if name in weak and not re.search(r"\dN_[A-Z]", name):
                yield f"{name} is weak and holds {line.strip()}"
            elif RUNS_FIRST.search(name):
                yield f"{name} runs on every processor and holds {line.strip()}"
            else:
                continue
            name = ""


def main(nm, objdump, library):
    def run(*command):
        return subprocess.run([*command, library], check=True, capture_output=True, text=True).stdout

    symbols = run(nm)
    weak = set(re.findall(r" [WV] (\S+)", symbols))
    found = [*quiet(symbols), *leaked(run(objdump, "-d", "--no-show-raw-insn"), weak)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
