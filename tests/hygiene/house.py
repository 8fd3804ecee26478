# SPDX-License-Identifier: Apache-2.0
"""What the house promises and a text search can see: `house.py ROOT RULE`. test_house.py shows each rule a sinner."""
import re
import sys
from pathlib import Path

FLOORS = {"core": 0, "reference": 1, "kernels": 2, "ops": 3, "io": 4, "data": 5, "vision": 6, "nn": 6,
          "train": 7, "emotion": 7, "capture": 7,  # rooms on one floor do not see each other
          "mien.hpp": 8, "tools": 9}
ROOF = 10  # examples, benchmarks and tests include what they like

FOLDERS = ["include", "lib", "tools", "examples", "benchmarks", "tests", "cmake", "scripts", "docs", ".ci"]
SOURCES = {".hpp", ".cpp", ".h"}
TEXTS = SOURCES | {".py", ".sh", ".cmake", ".txt", ".in", ".md", ".json", ".html", ""}

FLAG_DEPENDENT = [
    (r"#\s*pragma\s+omp|_OPENMP", "OpenMP"),
    (r"\b_mm\d*_|\b__m(?:128|256|512)|\bv(?:ld|st)1q?_", "an intrinsic"),
    (r"\b__(?:AVX|SSE|FMA|F16C|BMI|ARM_|OPTIMIZE|FAST_MATH|FINITE_MATH)", "a compiler flag's macro"),
    (r"\bassert\s*\(|\bNDEBUG\b", "assert, whose meaning depends on NDEBUG"),
    (r"STB_IMAGE\w*_IMPLEMENTATION", "an stb implementation"),
    (r"#\s*include\s*[<\"](?:nlohmann|fmt|hwy|Eigen|stb|xxhash|cxxopts|omp\.h|\w*intrin\.h|arm_neon)", "a third-party include"),
]


def files(root, *folders, suffixes=SOURCES):
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix in suffixes and "__pycache__" not in path.parts:
                yield path


def lines(path):
    return enumerate(path.read_text(encoding="utf-8").splitlines(), 1)


def room(path):
    """`mien/io/image.hpp`, `lib/io/x.cpp` -> io; `mien/kernels.hpp` -> kernels; `tools/main.cpp` -> tools."""
    parts = [part for part in Path(path).parts if part != "include"]
    name = Path(parts[1]).stem if parts[0] in ("mien", "lib") and len(parts) > 1 else parts[0]
    return "mien.hpp" if name == "mien" else name if name in FLOORS else parts[0]


def floors(root):
    """A file includes its own room and rooms to the left."""
    for path in files(root, "include", "lib", "tools"):
        here = room(path.relative_to(root))
        for number, line in lines(path):
            found = re.match(r'\s*#\s*include\s*[<"]((?:mien|lib|tools|examples|benchmarks|tests)/[^">]+)', line)
            there = room(found[1]) if found else here
            if there != here and FLOORS.get(there, ROOF) >= FLOORS.get(here, ROOF):
                yield path, number, f"{here} includes {found[1]}, which is not to its left in {' < '.join(FLOORS)}"


def headers(root):
    """A public header means the same whatever flags its reader compiles with, and needs nobody else's headers."""
    for path in files(root, "include"):
        for number, line in lines(path):
            code = line.split("//")[0]
            for pattern, what in FLAG_DEPENDENT:
                if re.search(pattern, code):
                    yield path, number, f"public headers do without {what}"


def threads(root):
    """Threads have one seam."""
    for path in files(root, "include", "lib", "tools"):
        if path.relative_to(root).as_posix() == "lib/ops/parallel.cpp":
            continue
        for number, line in lines(path):
            if re.search(r"#\s*pragma\s+omp|\bstd::(?:jthread|async)\b|\bpthread_create\b", line):
                yield path, number, "threads are lib/ops/parallel.cpp's alone: call parallel_for"


def umbrella(root):
    """mien.hpp includes every public header."""
    path = root / "include/mien/mien.hpp"
    text = path.read_text(encoding="utf-8")
    for header in files(root, "include"):
        name = header.relative_to(root / "include").as_posix()
        if header != path and f'#include "{name}"' not in text:
            yield path, 1, f'does not include "{name}"'


def budget(root):
    """The first file that outgrows its room is split."""
    for path in files(root, "include", "lib", "tools"):
        length = len(path.read_text(encoding="utf-8").splitlines())
        if length > 300:
            yield path, length, f"{length} lines, at most 300: split it"


def text(root):
    """Files are tidy: licence line, no tabs, no trailing space, ASCII sources, no path of one machine."""
    loose = [p for p in sorted(root.iterdir()) if p.is_file() and (p.suffix in TEXTS - {""} or p.name.startswith(".clang"))]
    for path in [*files(root, *FOLDERS, suffixes=TEXTS), *loose]:
        if path.name.startswith(".") and not path.name.startswith(".clang"):
            continue
        source = path.suffix in SOURCES
        for number, line in lines(path):
            if source and number == 1 and line != "// SPDX-License-Identifier: Apache-2.0":
                yield path, number, "the first line is // SPDX-License-Identifier: Apache-2.0"
            if path.suffix == ".hpp" and number == 2 and not line.startswith("//"):
                yield path, number, "the second line says in one sentence what the file is"
            if "\t" in line:
                yield path, number, "a tab"
            if line != line.rstrip():
                yield path, number, "a space at the end"
            if source and not line.split("//")[0].isascii():
                yield path, number, "not ASCII outside a comment"
            if re.search(r"(?:^|[\s\"'=(])/(?:home|root|Users|work)/", line):
                yield path, number, "a path of one machine"


def readme(root):
    """The README's first program is examples/photo.cpp to the letter."""
    path = root / "README.md"
    block = re.search(r"^```cpp\n(.*?)^```$", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    if not block or block[1] != (root / "examples/photo.cpp").read_text(encoding="utf-8"):
        yield path, 1, "the first cpp block is not examples/photo.cpp"


def links(root):
    """What a document points at is there."""
    loose = [path for path in sorted(root.glob("*.md"))]
    for path in [*files(root, *FOLDERS, suffixes={".md"}), *loose]:
        for number, line in lines(path):
            for target in re.findall(r"\]\(([^)#:\s]+)\)", line):
                if not (path.parent / target).exists():
                    yield path, number, f"points at {target}, which is not there"


RULES = {rule.__name__: rule for rule in (floors, headers, threads, umbrella, budget, text, readme, links)}


def main(root, rule):
    found = list(RULES[rule](Path(root)))
    for path, number, what in found:
        print(f"{path.relative_to(root)}:{number}: {what}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
